#include "storage/memory_tables.hpp"

#include <utility>

namespace aitbc {

void MemoryTables::apply(const WriteBatch& batch) {
  for (const WriteBatch::Operation& operation : batch.operations()) {
    PersistentMap& map = maps[static_cast<std::size_t>(operation.table)];
    if (operation.value)
      map.put(operation.key, to_bytes(*operation.value));
    else
      map.erase(operation.key);
  }
}

namespace {

class MemoryIterator final : public Iterator {
 public:
  MemoryIterator(const PersistentMap& map, const ReadGate& gate, Table table)
      : map_(map), gate_(gate), table_(table) {}

  void seek(ByteView key) override { move(key, &PersistentMap::first_at_or_after); }
  void seek_for_prev(ByteView key) override { move(key, &PersistentMap::last_at_or_before); }
  void next() override { move(entry_->key, &PersistentMap::first_after); }
  void prev() override { move(entry_->key, &PersistentMap::last_before); }
  bool valid() const override { return entry_ != nullptr; }
  ByteView key() const override { return entry_->key; }
  ByteView value() const override { return entry_->value; }
  Result<void> status() const override { return status_; }

 private:
  using Move = const PersistentMap::Entry* (PersistentMap::*)(ByteView) const;
  void move(ByteView key, Move to) {
    status_ = gate_ ? gate_(table_, key) : Result<void>{};
    entry_ = status_ ? (map_.*to)(key) : nullptr;
  }

  const PersistentMap& map_;
  const ReadGate& gate_;
  Table table_;
  const PersistentMap::Entry* entry_ = nullptr;
  Result<void> status_;
};

class MemorySnapshot final : public Snapshot {
 public:
  MemorySnapshot(MemoryTables tables, ReadGate gate) : tables_(std::move(tables)), gate_(std::move(gate)) {}

  Result<std::optional<Bytes>> get(Table table, ByteView key) const override {
    if (gate_) AITBC_TRY(gate_(table, key));
    const PersistentMap::Entry* entry = tables_[table].find(key);
    if (entry == nullptr) return std::nullopt;
    return entry->value;
  }

  std::unique_ptr<Iterator> iterate(Table table) const override {
    return std::make_unique<MemoryIterator>(tables_[table], gate_, table);
  }

 private:
  MemoryTables tables_;
  ReadGate gate_;
};

}  // namespace

std::shared_ptr<const Snapshot> make_memory_snapshot(MemoryTables tables, ReadGate gate) {
  return std::make_shared<MemorySnapshot>(std::move(tables), std::move(gate));
}

}  // namespace aitbc
