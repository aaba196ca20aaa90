// How tries are kept in Table::trie: one record per branch, under the path by which its parent refers to it.
//
//   'a' | path                -> record   of the account trie
//   's' | owner | path        -> record   of the storage trie of the account with keccak256(address) == owner
//   'l' | owner | 32-byte key -> word     a leaf of that storage trie (the account trie's are in
//   Table::state)
//
// A path is its half-bytes, two to a byte, the last one padded with zero, and then their count. A record
// stands for a branch together with the extension above it. Leaves have no record: their hashes are in the
// record above them, and a bitmap says which children are leaves.
#pragma once

#include <algorithm>
#include <optional>

#include "base/result.hpp"
#include "execution/trie_nodes.hpp"

namespace aitbc::trie {

inline constexpr std::uint8_t kAccountNodes = 'a';
inline constexpr std::uint8_t kStorageNodes = 's';
inline constexpr std::uint8_t kStorageLeaves = 'l';
inline constexpr std::size_t kKeyNibbles = 2 * Hash::kSize;

// `path` with its half-byte `i` replaced.
Hash with_nibble(Hash path, std::size_t i, std::uint8_t nibble);

// A key of Table::trie that needs no allocation.
class RecordKey {
 public:
  void push_back(std::uint8_t byte) { bytes_[size_++] = byte; }
  void append(ByteView tail) {
    std::copy(tail.begin(), tail.end(), bytes_.begin() + size_);
    size_ = static_cast<std::uint8_t>(size_ + tail.size());
  }
  std::uint8_t& back() { return bytes_[size_ - 1U]; }
  ByteView view() const { return ByteView(bytes_).first(size_); }
  operator ByteView() const { return view(); }  // NOLINT(google-explicit-constructor): it is one

 private:
  std::array<std::uint8_t, 2 + 2 * Hash::kSize> bytes_;  // prefix, owner, path, count
  std::uint8_t size_ = 0;
};

// Which trie of the state: the account trie, or the storage trie of one account.
struct TrieId {
  std::optional<Hash> owner;

  // Of a record at the first `count` half-bytes of `path`.
  RecordKey record_key(const Hash& path, std::size_t count) const;
  // What the keys of all its records start with.
  RecordKey record_prefix() const;
};
// 'l' | owner | the bytes of the key that the first `count` half-bytes of `path` fill or touch, the rest of a
// half-filled one being zero: where a search for a leaf below that path starts.
RecordKey storage_leaf_key(const Hash& owner, const Hash& path, std::size_t count = kKeyNibbles);

// A branch and the extension above it.
struct BranchRecord {
  Hash path;                     // leads to the branch with its first `depth` half-bytes
  std::uint8_t slot_depth = 0;   // length of the path under which its parent refers to it
  std::uint8_t depth = 0;        // the extension is [slot_depth, depth)
  std::uint16_t child_bits = 0;  // which children there are: bit n for half-byte n
  std::uint16_t leaf_bits = 0;   // which of them are leaves
  Children children;

  bool has_child(std::size_t nibble) const { return (child_bits >> nibble & 1) != 0; }
  bool has_leaf(std::size_t nibble) const { return (leaf_bits >> nibble & 1) != 0; }
};

// The root slot of a trie with one leaf holds the leaf's hash instead.
Bytes encode_single_leaf(const Hash& root);
std::optional<Hash> decode_single_leaf(ByteView value);

// Appends to `out`.
void encode_record(Bytes& out, const BranchRecord& record);
// `path` and `slot_depth` are those of its key. `corruption` when the bytes are not what encode_record makes.
Result<void> decode_record(ByteView value, const Hash& path, std::size_t slot_depth, BranchRecord& record);

// The reference that the parent holds.
NodeRef ref_of(const BranchRecord& record);

}  // namespace aitbc::trie
