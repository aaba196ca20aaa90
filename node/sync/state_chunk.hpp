// The state of a final block in pieces that each prove themselves.
//
// A piece is what hangs below one place of a trie. The one who asks knows that place's hash, from the
// header's state root downwards, and gets either all leaves below it or, where those are too many, its
// branch, whose children are then asked for one by one. Both hash to what is expected or are refused, so a
// lie is found in the very message that tells it. Storage entries come last: each must be the preimage of a
// leaf that is there already.
#pragma once

#include <optional>
#include <vector>

#include "execution/trie_record.hpp"
#include "storage/store.hpp"
#include "types/header.hpp"

namespace aitbc::sync {

// What is asked for: GetStateChunk::cursor.
struct Cursor {
  enum class Kind : std::uint8_t {
    headers = 0,          // of heights `from` and after
    account_subtree = 1,  // below the first `nibbles` half-bytes of `path`
    storage_subtree = 2,  // the same in the storage trie of the account with keccak256(address) == owner
    storage_entries = 3,  // of `address`, from the storage key `key` on
  };
  Kind kind = Kind::headers;
  Height from = 0;
  Hash owner;
  Hash path;
  std::uint8_t nibbles = 0;
  Address address;
  Bytes key;
  bool operator==(const Cursor&) const = default;
};
Bytes encode(const Cursor& cursor);
Result<Cursor> decode_cursor(ByteView encoded);

// What is answered: StateChunk::content, rlp([branch or empty, [[key, value], ...], is_last]).
struct Chunk {
  Bytes branch;  // encoded record; then there are no items
  // headers: commit proof, header. account_subtree: leaf path, address | account. storage_subtree: leaf path,
  // word. storage_entries: storage key, value.
  std::vector<KeyValue> items;
  bool is_last = false;  // headers and entries: there are no more
};
Bytes encode(const Chunk& chunk);
Result<Chunk> decode_chunk(ByteView encoded);

// The answer out of a snapshot whose head is the block in question; nullopt when there is nothing at the
// cursor.
Result<std::optional<Chunk>> read_chunk(const Snapshot& snapshot, const Cursor& cursor,
                                        std::size_t max_bytes);

// A place in a trie and what its parent holds for it.
struct Subtree {
  std::optional<Hash> owner;  // of a storage trie
  Hash path;
  std::uint8_t nibbles = 0;
  Bytes expected;  // a hash, or a node shorter than one; at the root always the hash
  bool operator==(const Subtree&) const = default;
};
Cursor cursor_of(const Subtree& subtree);

// What a verified answer brings.
struct Verified {
  WriteBatch batch;                   // leaves and trie records
  std::vector<Subtree> to_ask;        // children of a branch, and the storage tries of accounts
  std::vector<Address> with_storage;  // their owners
  std::uint64_t leaves = 0;
};
// invalid_input when it does not hash to what is expected.
Result<Verified> verify_subtree(const Subtree& subtree, const Chunk& chunk);
// Each entry against the leaves in `store`. invalid_input when one has none, or the order is wrong.
Result<WriteBatch> verify_entries(const Store& store, const Cursor& cursor, const Chunk& chunk);

}  // namespace aitbc::sync
