// A node's disk. It outlives the node's processes; each process opens it anew and sees the faults of the day.
#pragma once

#include <memory>

#include "storage/fault_store.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/random.hpp"

namespace aitbc::sim {

struct DiskWeather {
  // Of 100,000 writes each:
  std::uint64_t crash_before = 0;   // the power goes before anything of the write is on the disk
  std::uint64_t crash_torn = 0;     // half of the write is on the disk, which is as good as nothing of it
  std::uint64_t crash_after = 0;    // the write is done, its caller never hears of it
  std::uint64_t failed_writes = 0;  // answered with an error, like a full disk
  std::uint64_t failed_reads = 0;   // of 100,000 reads
  std::uint64_t slow_writes = 0;    // takes up to max_delay
  Duration max_delay{0};
};

class Disk {
 public:
  explicit Disk(std::uint64_t seed) : random_(seed), store_(make_fault_store()) {}

  DiskWeather weather;

  // The store for one process. `on_power_cut` is called within the write at which the machine dies; from then
  // on every operation of this process fails. Outlived by the disk.
  std::unique_ptr<Store> open(std::shared_ptr<Machine> machine, std::function<void()> on_power_cut);
  // The process that had it is gone: what it had not synced is lost, but for some of the last batches.
  void power_cut();
  // Everything is lost.
  void wipe() { store_ = make_fault_store(); }
  // For tests that change what is stored behind the node's back.
  Store& raw() const { return *store_; }

 private:
  class View;
  Random random_;
  std::unique_ptr<FaultStore> store_;
};

}  // namespace aitbc::sim
