// What is still missing of a snapshot: kept in the store with every piece that arrives, so that an
// interrupted snapshot sync goes on where it was.
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "node/sync/snapshot_server.hpp"
#include "node/sync/state_chunk.hpp"

namespace aitbc::sync {

// The storage entries of one account, which come in key order.
struct EntryPass {
  Address address;
  std::uint64_t leaves = 0;   // its storage trie has
  std::uint64_t entries = 0;  // so far
  Bytes next;                 // key
  bool operator==(const EntryPass&) const = default;
};

struct SnapshotProgress {
  Manifest target;
  Height headers = 0;                // verified and stored, from block 1 on
  std::deque<Subtree> subtrees;      // to be asked for; under way ones included
  std::map<Hash, EntryPass> passes;  // by keccak256(address)
};

Bytes encode(const SnapshotProgress& progress);
Result<SnapshotProgress> decode_progress(ByteView encoded);

// nullopt: no snapshot sync was begun in this store.
Result<std::optional<SnapshotProgress>> read_progress(const Store& store);
void append_progress(WriteBatch& batch, const SnapshotProgress& progress);
void append_progress_removal(WriteBatch& batch);

}  // namespace aitbc::sync
