#include "storage/memory_store.hpp"

#include <mutex>

#include "storage/memory_tables.hpp"

namespace aitbc {
namespace {

class MemoryStore final : public Store {
 public:
  std::shared_ptr<const Snapshot> snapshot() const override {
    const std::lock_guard lock(mutex_);
    return make_memory_snapshot(tables_);
  }

  Result<std::optional<Bytes>> get(Table table, ByteView key) const override {
    const std::lock_guard lock(mutex_);
    const PersistentMap::Entry* entry = tables_[table].find(key);
    if (entry == nullptr) return std::nullopt;
    return entry->value;
  }

  Result<void> write(const WriteBatch& batch, Durability) override {
    const std::lock_guard lock(mutex_);
    tables_.apply(batch);
    return {};
  }

 private:
  mutable std::mutex mutex_;
  MemoryTables tables_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace aitbc
