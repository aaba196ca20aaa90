#include "execution/trie_update.hpp"

#include <algorithm>
#include <bit>

#include "types/header.hpp"

namespace aitbc::trie {
namespace {

tl::unexpected<Error> mismatch(const char* what) {
  return fail(ErrorCode::corruption, std::string("trie: ") + what);
}

// Those at the front that share the half-byte at `depth` with the first.
std::span<const LeafChange> first_group(std::span<const LeafChange> changes, std::size_t depth) {
  const std::uint8_t nibble = nibble_at(changes.front().key, depth);
  std::size_t count = 1;
  while (count < changes.size() && nibble_at(changes[count].key, depth) == nibble) ++count;
  return changes.first(count);
}

// Which half-bytes at `depth` they have: bit n for n.
std::uint16_t nibbles_of(std::span<const LeafChange> changes, std::size_t depth) {
  unsigned bits = 0;
  for (const LeafChange& change : changes) bits |= 1U << nibble_at(change.key, depth);
  return static_cast<std::uint16_t>(bits);
}

}  // namespace

Result<Hash> TrieUpdate::apply(Changes changes) {
  branches_.reserve(changes.size() + changes.size() / 2 + 16);
  leaves_.reserve(changes.size() + changes.size() / 8);
  AITBC_ASSIGN(const Child root, change_root(changes));
  finish(root, {});
  if (root.kind == Child::Kind::none && root_stored_) sink_.erase(Hash{}, 0);
  if (root.kind == Child::Kind::none) return kEmptyTrieRoot;
  const Hash hash = root_hash(top_ref_);
  if (root.kind == Child::Kind::leaf) sink_.put(Hash{}, 0, encode_single_leaf(hash));
  return hash;
}

Result<TrieUpdate::Child> TrieUpdate::change_root(Changes changes) {
  const Hash top{};
  AITBC_ASSIGN(const auto record, reader_.record(top, 0));
  root_stored_ = record.has_value();
  if (!record) return insert_all(0, changes);
  if (decode_single_leaf(*record)) return change_leaf(top, 0, changes);
  const std::uint32_t at = add_branch(top, 0, 0);
  AITBC_TRY(decode_record(*record, top, 0, branches_[at]));
  branches_[at].stored_depth = 0;
  return change_branch(at, 0, changes);
}

// The branch is moved to, or stays in, the slot at `slot_depth` of its path.
Result<TrieUpdate::Child> TrieUpdate::change_branch(std::uint32_t at, std::size_t slot_depth,
                                                    Changes changes) {
  const std::size_t depth = branches_[at].depth;
  // Sorted, so whichever key leaves the path earliest is the first or the last one.
  const Hash& path = branches_[at].path;
  const std::size_t shared =
      std::min(common_nibbles(changes.front().key, path), common_nibbles(changes.back().key, path));
  if (shared < depth) return split_extension(at, slot_depth, shared, changes);
  // The trie's top branch stays a branch when it keeps two children. Once one is known to stay, another that
  // stays can be finished as soon as it is changed: nothing will look into it again.
  const bool is_top = slot_depth == 0;
  bool one_stays = is_top && (branches_[at].child_bits & ~nibbles_of(changes, depth)) != 0;
  while (!changes.empty()) {
    const Changes group = first_group(changes, depth);
    const std::size_t nibble = nibble_at(group.front().key, depth);
    const Mark before{branches_.size(), leaves_.size()};
    AITBC_ASSIGN(const Child child, change_child(at, nibble, group));
    if (is_top && one_stays && child.kind == Child::Kind::branch && group.size() >= worth_finishing_) {
      finish(child, before);
      branches_.resize(before.branches);
      leaves_.resize(before.leaves);
      set_child(at, nibble, {});
      branches_[at].child_bits |= static_cast<std::uint16_t>(1U << nibble);
      branches_[at].children[nibble] = top_ref_;
    } else {
      set_child(at, nibble, child);
    }
    one_stays = one_stays || child.kind != Child::Kind::none;
    changes = changes.subspan(group.size());
  }
  return settle(at, slot_depth);
}

Result<TrieUpdate::Child> TrieUpdate::change_child(std::uint32_t at, std::size_t nibble, Changes changes) {
  const Branch& branch = branches_[at];
  const std::size_t slot_depth = std::size_t{branch.depth} + 1;
  if (!branch.has_child(nibble)) return insert_all(slot_depth, changes);
  const Hash& path = changes.front().key;
  if (branch.has_leaf(nibble)) return change_leaf(path, slot_depth, changes);
  AITBC_ASSIGN(const std::uint32_t child, load_branch(path, slot_depth));
  return change_branch(child, slot_depth, changes);
}

// Of a slot that holds one leaf, which the changes may or may not be about.
Result<TrieUpdate::Child> TrieUpdate::change_leaf(const Hash& path, std::size_t slot_depth, Changes changes) {
  const LeafChange& first = changes.front();
  if (changes.size() == 1 && first.existed && !first.value.empty())
    return Child{Child::Kind::leaf, add_leaf(first.key, first.value)};
  std::vector<std::uint32_t> leaves;
  std::size_t existed = 0;
  for (const LeafChange& change : changes) {
    if (change.existed) ++existed;
    if (!change.value.empty()) leaves.push_back(add_leaf(change.key, change.value));
  }
  if (existed > 1) return mismatch("a slot with one leaf is said to have more");
  if (existed == 0) {
    AITBC_ASSIGN(const std::uint32_t stored, load_leaf(path, slot_depth));
    const auto place = std::lower_bound(
        leaves.begin(), leaves.end(), stored,
        [this](std::uint32_t a, std::uint32_t b) { return leaves_[a].key < leaves_[b].key; });
    leaves.insert(place, stored);
  }
  return build(slot_depth, leaves);
}

// A key leaves the extension at `depth`: a new branch there gets what is below as one of its children.
Result<TrieUpdate::Child> TrieUpdate::split_extension(std::uint32_t at, std::size_t slot_depth,
                                                      std::size_t depth, Changes changes) {
  const std::uint32_t above = add_branch(branches_[at].path, slot_depth, depth);
  const std::size_t old_nibble = nibble_at(branches_[at].path, depth);
  branches_[at].slot_depth = static_cast<std::uint8_t>(depth + 1);
  set_child(above, old_nibble, {Child::Kind::branch, at});
  while (!changes.empty()) {
    const Changes group = first_group(changes, depth);
    const std::size_t nibble = nibble_at(group.front().key, depth);
    auto child = nibble == old_nibble ? change_branch(at, depth + 1, group) : insert_all(depth + 1, group);
    if (!child) return child;
    set_child(above, nibble, *child);
    changes = changes.subspan(group.size());
  }
  return settle(above, slot_depth);
}

Result<TrieUpdate::Child> TrieUpdate::insert_all(std::size_t slot_depth, Changes changes) {
  std::vector<std::uint32_t> leaves;
  for (const LeafChange& change : changes) {
    if (change.existed) return mismatch("it lacks a key that the state has");
    if (!change.value.empty()) leaves.push_back(add_leaf(change.key, change.value));
  }
  return build(slot_depth, leaves);
}

// The leaves are in order and share their first `slot_depth` half-bytes.
Result<TrieUpdate::Child> TrieUpdate::build(std::size_t slot_depth, std::span<const std::uint32_t> leaves) {
  if (leaves.empty()) return Child{};
  if (leaves.size() == 1) return Child{Child::Kind::leaf, leaves.front()};
  const Hash path = leaves_[leaves.front()].key;
  const std::size_t depth = common_nibbles(path, leaves_[leaves.back()].key);
  if (depth < slot_depth || depth == kKeyNibbles) return mismatch("it has a key that the state lacks");
  const std::uint32_t at = add_branch(path, slot_depth, depth);
  while (!leaves.empty()) {
    const std::uint8_t nibble = nibble_at(leaves_[leaves.front()].key, depth);
    std::size_t count = 1;
    while (count < leaves.size() && nibble_at(leaves_[leaves[count]].key, depth) == nibble) ++count;
    AITBC_ASSIGN(const Child child, build(depth + 1, leaves.first(count)));
    set_child(at, nibble, child);
    leaves = leaves.subspan(count);
  }
  return Child{Child::Kind::branch, at};
}

// A branch with one child left gives its slot to that child, one with none disappears.
Result<TrieUpdate::Child> TrieUpdate::settle(std::uint32_t at, std::size_t slot_depth) {
  branches_[at].slot_depth = static_cast<std::uint8_t>(slot_depth);
  const std::uint16_t bits = branches_[at].child_bits;
  if (std::popcount(bits) > 1) return Child{Child::Kind::branch, at};
  branches_[at].alive = false;
  if (bits == 0) return Child{};
  AITBC_ASSIGN(const Child child, only_child(at, static_cast<std::size_t>(std::countr_zero(bits))));
  if (child.kind == Child::Kind::branch)
    branches_[child.at].slot_depth = static_cast<std::uint8_t>(slot_depth);
  return child;
}

Result<TrieUpdate::Child> TrieUpdate::only_child(std::uint32_t at, std::size_t nibble) {
  const bool is_leaf = branches_[at].has_leaf(nibble);
  const Child::Kind kind = is_leaf ? Child::Kind::leaf : Child::Kind::branch;
  if ((branches_[at].changed_bits >> nibble & 1) != 0)
    return Child{kind, branches_[at].changed_child[nibble]};
  const std::size_t depth = branches_[at].depth;
  const Hash path = with_nibble(branches_[at].path, depth, static_cast<std::uint8_t>(nibble));
  AITBC_ASSIGN(const std::uint32_t child,
               is_leaf ? load_leaf(path, depth + 1) : load_branch(path, depth + 1));
  return Child{kind, child};
}

void TrieUpdate::set_child(std::uint32_t at, std::size_t nibble, Child child) {
  Branch& branch = branches_[at];
  const auto bit = static_cast<std::uint16_t>(1U << nibble);
  const auto without = [bit](std::uint16_t bits) { return static_cast<std::uint16_t>(bits & ~bit); };
  const auto with = [bit](std::uint16_t bits) { return static_cast<std::uint16_t>(bits | bit); };
  const bool present = child.kind != Child::Kind::none;
  const bool is_leaf = child.kind == Child::Kind::leaf;
  branch.child_bits = present ? with(branch.child_bits) : without(branch.child_bits);
  branch.changed_bits = present ? with(branch.changed_bits) : without(branch.changed_bits);
  branch.leaf_bits = is_leaf ? with(branch.leaf_bits) : without(branch.leaf_bits);
  branch.children[nibble].size = 0;
  branch.changed_child[nibble] = child.at;
  if (present) (is_leaf ? leaves_[child.at].parent : branches_[child.at].parent) = at;
}

Result<std::uint32_t> TrieUpdate::load_branch(const Hash& path, std::size_t slot_depth) {
  const Hash own_path = path;  // `path` may be in branches_, which grows
  AITBC_ASSIGN(const auto record, reader_.record(own_path, slot_depth));
  if (!record) return mismatch("a record is missing");
  const std::uint32_t at = add_branch(own_path, slot_depth, slot_depth);
  AITBC_TRY(decode_record(*record, own_path, slot_depth, branches_[at]));
  branches_[at].stored_depth = branches_[at].slot_depth;
  return at;
}

Result<std::uint32_t> TrieUpdate::load_leaf(const Hash& path, std::size_t slot_depth) {
  AITBC_ASSIGN(StoredLeaf leaf, reader_.leaf(path, slot_depth));
  loaded_values_.push_back(std::move(leaf.value));
  return add_leaf(leaf.key, loaded_values_.back());
}

std::uint32_t TrieUpdate::add_leaf(const Hash& key, ByteView value) {
  leaves_.push_back({key, value, kNowhere});
  return static_cast<std::uint32_t>(leaves_.size() - 1);
}

std::uint32_t TrieUpdate::add_branch(const Hash& path, std::size_t slot_depth, std::size_t depth) {
  const Hash own_path = path;
  Branch& branch = branches_.emplace_back();
  branch.path = own_path;
  branch.slot_depth = static_cast<std::uint8_t>(slot_depth);
  branch.depth = static_cast<std::uint8_t>(depth);
  return static_cast<std::uint32_t>(branches_.size() - 1);
}

}  // namespace aitbc::trie
