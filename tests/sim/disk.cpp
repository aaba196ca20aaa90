#include "tests/sim/disk.hpp"

namespace aitbc::sim {
namespace {

tl::unexpected<Error> gone() { return fail(ErrorCode::io, "the machine has lost its power"); }

}  // namespace

class Disk::View final : public Store {
 public:
  View(Disk& disk, std::shared_ptr<Machine> machine, std::function<void()> on_power_cut)
      : disk_(disk), machine_(std::move(machine)), on_power_cut_(std::move(on_power_cut)) {}

  std::shared_ptr<const Snapshot> snapshot() const override { return disk_.store_->snapshot(); }

  Result<std::optional<Bytes>> get(Table table, ByteView key) const override {
    if (!machine_->is_alive()) return gone();
    if (chance(disk_.weather.failed_reads)) return fail(ErrorCode::io, "a simulated read error");
    return disk_.store_->get(table, key);
  }

  Result<void> write(const WriteBatch& batch, Durability durability) override {
    if (!machine_->is_alive()) return gone();
    const DiskWeather& weather = disk_.weather;
    if (chance(weather.slow_writes)) machine_->spend(disk_.random_.up_to(weather.max_delay));
    if (chance(weather.crash_before) || chance(weather.crash_torn)) return die();
    if (chance(weather.failed_writes)) return fail(ErrorCode::io, "a simulated write error");
    AITBC_TRY(disk_.store_->write(batch, durability));
    if (chance(weather.crash_after)) return die();
    return {};
  }

 private:
  bool chance(std::uint64_t per_100000) const {
    return per_100000 > 0 && disk_.random_.below(100'000) < per_100000;
  }
  tl::unexpected<Error> die() {
    machine_->kill();
    on_power_cut_();
    return gone();
  }

  Disk& disk_;
  std::shared_ptr<Machine> machine_;
  std::function<void()> on_power_cut_;
};

std::unique_ptr<Store> Disk::open(std::shared_ptr<Machine> machine, std::function<void()> on_power_cut) {
  return std::make_unique<View>(*this, std::move(machine), std::move(on_power_cut));
}

void Disk::power_cut() { store_->crash(random_.below(4)); }

}  // namespace aitbc::sim
