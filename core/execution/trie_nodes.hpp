// Encodings of Merkle Patricia trie nodes (yellow paper, appendix D), and hashing many of them at a time.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/bytes.hpp"

namespace aitbc::trie {

// The i-th half-byte of a key, the high half of each byte first.
inline std::uint8_t nibble_at(ByteView key, std::size_t i) {
  const std::uint8_t byte = key[i / 2];
  return i % 2 == 0 ? byte >> 4 : byte & 0x0f;
}
// Number of leading half-bytes that both keys share.
std::size_t common_nibbles(ByteView a, ByteView b);

// How a parent refers to a child: by the Keccak-256 of its RLP, or by that RLP itself when it is shorter than
// 32 bytes. Size 0: there is no child.
struct NodeRef {
  std::uint8_t size = 0;
  std::array<std::uint8_t, 32> bytes;

  bool is_hash() const { return size == Hash::kSize; }
  ByteView view() const { return ByteView(bytes).first(size); }
  // Precondition: view.size() <= 32.
  void assign(ByteView view);
};
using Children = std::array<NodeRef, 16>;

// Append one node's RLP. Paths are the half-bytes [from, to) of `key`; a leaf's goes to the key's end.
void append_leaf(Bytes& out, ByteView key, std::size_t from, ByteView value);
void append_extension(Bytes& out, ByteView key, std::size_t from, std::size_t to, const NodeRef& child);
// An empty value: no key ends at this branch.
void append_branch(Bytes& out, const Children& children, ByteView value = {});

// The reference to a node with this RLP, and the hash of it if it is the root.
NodeRef ref_of(ByteView node);
Hash root_hash(const NodeRef& root);

// Collects encoded nodes and hashes them together.
class NodeHasher {
 public:
  // Encodes with encode(Bytes&), which appends one node. `destination` gets the reference, at the latest when
  // flush() returns; until then it must stay where it is.
  template <class Encode>
  void add(NodeRef& destination, const Encode& encode) {
    encode(buffer_);
    pending_.push_back({&destination, buffer_.size()});
    if (buffer_.size() >= kFlushBytes) flush();
  }
  void flush();

 private:
  // Enough to keep every lane of the hash function busy, little enough to stay in the processor's cache.
  static constexpr std::size_t kFlushBytes = 64U << 10;
  struct Pending {
    NodeRef* destination;
    std::size_t end;  // of the node in buffer_
  };
  Bytes buffer_;
  std::vector<Pending> pending_;
  std::vector<ByteView> inputs_;
  std::vector<Hash> digests_;
};

}  // namespace aitbc::trie
