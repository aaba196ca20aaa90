#include "storage/fault_store.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "storage/memory_tables.hpp"

namespace aitbc {
namespace {

class FaultyMemoryStore final : public FaultStore {
 public:
  std::shared_ptr<const Snapshot> snapshot() const override {
    const std::lock_guard lock(mutex_);
    return make_memory_snapshot(tables_, [hook = read_hook_](Table table, ByteView key) -> Result<void> {
      return *hook ? (*hook)(table, key) : Result<void>{};
    });
  }

  Result<std::optional<Bytes>> get(Table table, ByteView key) const override {
    return snapshot()->get(table, key);
  }

  Result<void> write(const WriteBatch& batch, Durability durability) override {
    // Outside the lock: a hook may stall, or look at the store.
    const std::uint64_t number = next_write_number();
    if (write_hook_) AITBC_TRY(write_hook_(number, batch));
    const std::lock_guard lock(mutex_);
    tables_.apply(batch);
    if (durability == Durability::synced)
      after_buffered_.clear();  // one log: syncing a batch syncs those before it
    else
      after_buffered_.push_back(tables_);
    if (durability == Durability::synced) synced_ = tables_;
    return {};
  }

  void on_write(std::function<Result<void>(std::uint64_t, const WriteBatch&)> hook) override {
    write_hook_ = std::move(hook);
  }

  void on_read(std::function<Result<void>(Table, ByteView)> hook) override { *read_hook_ = std::move(hook); }

  void crash(std::size_t keep_buffered) override {
    const std::lock_guard lock(mutex_);
    const std::size_t kept = std::min(keep_buffered, after_buffered_.size());
    if (kept > 0) synced_ = after_buffered_[kept - 1];
    tables_ = synced_;
    after_buffered_.clear();
  }

  std::uint64_t writes() const override {
    const std::lock_guard lock(mutex_);
    return writes_;
  }

 private:
  std::uint64_t next_write_number() {
    const std::lock_guard lock(mutex_);
    return writes_++;
  }

  mutable std::mutex mutex_;
  MemoryTables tables_;
  MemoryTables synced_;
  std::vector<MemoryTables> after_buffered_;  // the tables after each batch since the last synced one
  std::uint64_t writes_ = 0;
  std::function<Result<void>(std::uint64_t, const WriteBatch&)> write_hook_;
  // Shared with the snapshots, which ask the hook of the moment.
  std::shared_ptr<std::function<Result<void>(Table, ByteView)>> read_hook_ =
      std::make_shared<std::function<Result<void>(Table, ByteView)>>();
};

}  // namespace

std::unique_ptr<FaultStore> make_fault_store() { return std::make_unique<FaultyMemoryStore>(); }

}  // namespace aitbc
