#include "execution/trie_stream.hpp"

#include "base/check.hpp"
#include "types/header.hpp"

namespace aitbc::trie {

Result<void> TrieStream::add(const Hash& key, ByteView value) {
  ++leaves_;
  if (last_) {
    AITBC_CHECK(last_->key < key, "leaves come in key order");
    const std::size_t depth = common_nibbles(last_->key, key);
    Finished node;
    AITBC_TRY(close_above(depth, node));
    if (open_.empty() || open_.back().depth != depth) {
      BranchRecord& branch = open_.emplace_back();
      branch.path = last_->key;
      branch.depth = static_cast<std::uint8_t>(depth);
    }
    AITBC_TRY(attach(node));
  }
  last_ = Leaf{key, to_bytes(value)};
  return {};
}

Result<Hash> TrieStream::finish() {
  if (!last_) return kEmptyTrieRoot;
  AITBC_ASSIGN(const NodeRef root, finish_below(0));
  return root_hash(root);
}

Result<NodeRef> TrieStream::finish_below(std::size_t slot_depth) {
  Finished node;
  while (!open_.empty()) {
    AITBC_TRY(attach(node));
    node = {false, std::move(open_.back())};
    open_.pop_back();
  }
  return finish_node(node, slot_depth);
}

// Finishes the open branches deeper than `depth`: no further leaf belongs below them.
Result<void> TrieStream::close_above(std::size_t depth, Finished& node) {
  while (!open_.empty() && open_.back().depth > depth) {
    AITBC_TRY(attach(node));
    node = {false, std::move(open_.back())};
    open_.pop_back();
  }
  return {};
}

Result<void> TrieStream::attach(Finished& node) {
  BranchRecord& parent = open_.back();
  const std::size_t nibble = nibble_at(last_->key, parent.depth);
  AITBC_ASSIGN(parent.children[nibble], finish_node(node, std::size_t{parent.depth} + 1));
  const auto bit = static_cast<std::uint16_t>(1U << nibble);
  parent.child_bits = static_cast<std::uint16_t>(parent.child_bits | bit);
  if (node.is_leaf) parent.leaf_bits = static_cast<std::uint16_t>(parent.leaf_bits | bit);
  return {};
}

Result<NodeRef> TrieStream::finish_node(Finished& node, std::size_t slot_depth) {
  if (node.is_leaf) {
    Bytes leaf;
    append_leaf(leaf, last_->key, slot_depth, last_->value);
    return ref_of(leaf);
  }
  node.branch.slot_depth = static_cast<std::uint8_t>(slot_depth);
  AITBC_TRY(on_record_(node.branch));
  return ref_of(node.branch);
}

}  // namespace aitbc::trie
