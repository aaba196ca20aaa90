// The second half of an update, of the whole or of a subtree: hashes from the deepest level up, and what is
// to be written.
#include <algorithm>

#include "execution/trie_update.hpp"

namespace aitbc::trie {

NodeRef& TrieUpdate::slot_of(std::uint32_t parent, const Hash& path) {
  if (parent == kNowhere) return top_ref_;
  return branches_[parent].children[nibble_at(path, branches_[parent].depth)];
}

// `top` and all that hangs below it.
void TrieUpdate::finish(Child top, Mark from) {
  if (top.kind == Child::Kind::leaf) leaves_[top.at].parent = kNowhere;
  if (top.kind == Child::Kind::branch) branches_[top.at].parent = kNowhere;
  rehash(from);
  emit(from);
}

void TrieUpdate::rehash(Mark from) {
  NodeHasher hasher;
  for (const Leaf& leaf : std::span(leaves_).subspan(from.leaves)) {
    const std::size_t depth = leaf.parent == kNowhere ? 0 : std::size_t{branches_[leaf.parent].depth} + 1;
    hasher.add(slot_of(leaf.parent, leaf.key),
               [&leaf, depth](Bytes& out) { append_leaf(out, leaf.key, depth, leaf.value); });
  }
  std::array<std::vector<std::uint32_t>, kKeyNibbles> levels;
  for (auto at = static_cast<std::uint32_t>(from.branches); at < branches_.size(); ++at)
    if (branches_[at].alive) levels[branches_[at].depth].push_back(at);
  for (std::size_t depth = kKeyNibbles; depth-- > 0;) {
    hasher.flush();
    rehash_level(levels[depth], hasher);
  }
  hasher.flush();
}

void TrieUpdate::rehash_level(std::span<const std::uint32_t> level, NodeHasher& hasher) {
  std::vector<std::uint32_t> extended;
  for (const std::uint32_t at : level) {
    Branch& branch = branches_[at];
    const bool has_extension = branch.slot_depth != branch.depth;
    if (has_extension) extended.push_back(at);
    hasher.add(has_extension ? branch.self : slot_of(branch.parent, branch.path),
               [&branch](Bytes& out) { append_branch(out, branch.children); });
  }
  if (extended.empty()) return;
  hasher.flush();
  for (const std::uint32_t at : extended) {
    const Branch& branch = branches_[at];
    hasher.add(slot_of(branch.parent, branch.path), [&branch](Bytes& out) {
      append_extension(out, branch.path, branch.slot_depth, branch.depth, branch.self);
    });
  }
}

void TrieUpdate::emit(Mark from) const {
  const auto branches = std::span(branches_).subspan(from.branches);
  for (const Branch& branch : branches) {
    const bool moved = !branch.alive || branch.stored_depth != branch.slot_depth;
    if (branch.stored_depth != kNotStored && branch.stored_depth != 0 && moved)
      sink_.erase(branch.path, branch.stored_depth);
  }
  Bytes record;
  for (const Branch& branch : branches) {
    if (!branch.alive) continue;
    record.clear();
    encode_record(record, branch);
    sink_.put(branch.path, branch.slot_depth, record);
  }
}

}  // namespace aitbc::trie
