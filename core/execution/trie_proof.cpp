#include <algorithm>

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "execution/trie.hpp"
#include "execution/trie_nodes.hpp"
#include "types/header.hpp"

namespace aitbc::trie {
namespace {

tl::unexpected<Error> bad_proof(const char* what) {
  return fail(ErrorCode::invalid_input, std::string("proof: ") + what);
}

// Follows one key from the root down.
class Walk {
 public:
  Walk(ByteView key, std::span<const Bytes> proof) : key_(key), rest_(proof) {}

  Result<std::optional<Bytes>> run(const Hash& root) {
    if (root == kEmptyTrieRoot && rest_.empty()) return std::nullopt;
    AITBC_TRY(take_node(root));
    while (!done_) AITBC_TRY(step());
    if (!rest_.empty()) return bad_proof("it has nodes that the key does not lead to");
    return found_;
  }

 private:
  // The next node of the proof, which must have this hash.
  Result<void> take_node(const Hash& hash) {
    if (rest_.empty()) return bad_proof("a node is missing");
    node_ = rest_.front();
    rest_ = rest_.subspan(1);
    if (keccak256(node_) != hash) return bad_proof("a node does not have the hash that its parent names");
    // The empty trie's root node is the empty string.
    if (hash == kEmptyTrieRoot) done_ = true;
    return {};
  }

  Result<void> step() {
    AITBC_TRY(rlp::check_canonical(node_));
    AITBC_ASSIGN(rlp::Decoder items, rlp::decode_list(node_));
    std::size_t count = 0;
    for (rlp::Decoder counted = items; !counted.at_end(); ++count) AITBC_TRY(counted.raw());
    if (count == 17) return step_branch(items);
    if (count == 2) return step_path(items);
    return bad_proof("a node has neither 2 nor 17 items");
  }

  Result<void> step_branch(rlp::Decoder items) {
    const bool at_end = depth_ == 2 * key_.size();
    const std::size_t wanted = at_end ? 16 : nibble_at(key_, depth_);
    for (std::size_t i = 0; i < wanted; ++i) AITBC_TRY(items.raw());
    if (at_end) return finish_with(items);
    ++depth_;
    return descend(items, true);
  }

  Result<void> step_path(rlp::Decoder items) {
    AITBC_ASSIGN(const ByteView path, items.bytes());
    if (path.empty() || path[0] >> 4 > 3) return bad_proof("a path is not in hex-prefix form");
    const bool is_leaf = (path[0] & 0x20) != 0;
    const bool is_odd = (path[0] & 0x10) != 0;
    if (!is_odd && (path[0] & 0x0f) != 0) return bad_proof("a path is not in hex-prefix form");
    const std::size_t first = is_odd ? 1 : 2;
    const std::size_t length = 2 * path.size() - first;
    if (!is_leaf && length == 0) return bad_proof("an extension is empty");
    if (depth_ + length > 2 * key_.size()) return leads_elsewhere();
    for (std::size_t i = 0; i < length; ++i)
      if (nibble_at(path, first + i) != nibble_at(key_, depth_ + i)) return leads_elsewhere();
    depth_ += length;
    if (!is_leaf) return descend(items, false);
    if (depth_ != 2 * key_.size()) return leads_elsewhere();
    AITBC_TRY(finish_with(items));
    if (!found_) return bad_proof("a leaf is empty");
    return {};
  }

  // To the child that is the next item. Only a branch may have none there.
  Result<void> descend(rlp::Decoder items, bool may_be_absent) {
    if (items.next_is_list()) {
      AITBC_ASSIGN(node_, items.raw());
      if (node_.size() >= Hash::kSize) return bad_proof("a node that must be hashed stands in its parent");
      return {};
    }
    AITBC_ASSIGN(const ByteView child, items.bytes());
    if (child.size() == Hash::kSize) return take_node(Hash::from(child));
    if (!child.empty() || !may_be_absent) return bad_proof("a child is neither a hash nor a node");
    return leads_elsewhere();
  }

  Result<void> finish_with(rlp::Decoder items) {
    AITBC_ASSIGN(const ByteView value, items.bytes());
    if (!value.empty()) found_ = to_bytes(value);
    done_ = true;
    return {};
  }

  Result<void> leads_elsewhere() {
    done_ = true;
    return {};
  }

  ByteView key_;
  std::span<const Bytes> rest_;
  ByteView node_;
  std::size_t depth_ = 0;
  bool done_ = false;
  std::optional<Bytes> found_;
};

}  // namespace

Result<std::optional<Bytes>> verify_proof(const Hash& root, ByteView key, std::span<const Bytes> proof) {
  return Walk(key, proof).run(root);
}

}  // namespace aitbc::trie
