// What the stores in memory share: the tables of one moment, and a Snapshot over them.
#pragma once

#include <array>
#include <functional>
#include <memory>

#include "storage/persistent_map.hpp"
#include "storage/store.hpp"

namespace aitbc {

// Copying is O(1) in the number of entries.
struct MemoryTables {
  std::array<PersistentMap, kTableCount> maps;

  const PersistentMap& operator[](Table table) const { return maps[static_cast<std::size_t>(table)]; }
  void apply(const WriteBatch& batch);
};

// Asked before each read; an Error makes that read fail with it. An empty one lets every read pass.
using ReadGate = std::function<Result<void>(Table, ByteView key)>;

std::shared_ptr<const Snapshot> make_memory_snapshot(MemoryTables tables, ReadGate gate = {});

}  // namespace aitbc
