#include "storage/persistent_map.hpp"

#include <utility>

namespace aitbc {
namespace {

// FNV-1a with a final mix: enough to keep the treap balanced.
std::uint64_t priority_of(ByteView key) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const std::uint8_t byte : key) hash = (hash ^ byte) * 0x100000001b3ULL;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdULL;
  return hash ^ (hash >> 33);
}

}  // namespace

struct PersistentMap::Node {
  std::shared_ptr<const Entry> entry;
  std::uint64_t priority;
  Link left;
  Link right;
};

struct PersistentMap::Halves {
  Link below;  // keys < the splitting key
  Link above;  // keys > the splitting key
};

// An entry with the splitting key itself is dropped.
PersistentMap::Halves PersistentMap::split(const Link& tree, ByteView key) {
  if (!tree) return {};
  const auto order = compare(tree->entry->key, key);
  if (order == 0) return {tree->left, tree->right};
  if (order < 0) {
    Halves right = split(tree->right, key);
    right.below =
        std::make_shared<const Node>(Node{tree->entry, tree->priority, tree->left, std::move(right.below)});
    return right;
  }
  Halves left = split(tree->left, key);
  left.above =
      std::make_shared<const Node>(Node{tree->entry, tree->priority, std::move(left.above), tree->right});
  return left;
}

// Precondition: every key of `left` is below every key of `right`.
PersistentMap::Link PersistentMap::merge(const Link& left, const Link& right) {
  if (!left) return right;
  if (!right) return left;
  if (left->priority > right->priority)
    return std::make_shared<const Node>(
        Node{left->entry, left->priority, left->left, merge(left->right, right)});
  return std::make_shared<const Node>(
      Node{right->entry, right->priority, merge(left, right->left), right->right});
}

PersistentMap::Link PersistentMap::insert(const Link& tree, const Link& leaf) {
  const ByteView key = leaf->entry->key;
  if (!tree || leaf->priority > tree->priority) {
    Halves halves = split(tree, key);
    return std::make_shared<const Node>(
        Node{leaf->entry, leaf->priority, std::move(halves.below), std::move(halves.above)});
  }
  const auto order = compare(tree->entry->key, key);
  if (order == 0)
    return std::make_shared<const Node>(Node{leaf->entry, tree->priority, tree->left, tree->right});
  if (order < 0)
    return std::make_shared<const Node>(
        Node{tree->entry, tree->priority, tree->left, insert(tree->right, leaf)});
  return std::make_shared<const Node>(
      Node{tree->entry, tree->priority, insert(tree->left, leaf), tree->right});
}

// Precondition: the key is in the tree.
PersistentMap::Link PersistentMap::remove(const Link& tree, ByteView key) {
  const auto order = compare(tree->entry->key, key);
  if (order == 0) return merge(tree->left, tree->right);
  if (order < 0)
    return std::make_shared<const Node>(
        Node{tree->entry, tree->priority, tree->left, remove(tree->right, key)});
  return std::make_shared<const Node>(
      Node{tree->entry, tree->priority, remove(tree->left, key), tree->right});
}

void PersistentMap::put(ByteView key, Bytes value) {
  auto entry = std::make_shared<const Entry>(Entry{to_bytes(key), std::move(value)});
  root_ = insert(root_, std::make_shared<const Node>(Node{std::move(entry), priority_of(key), {}, {}}));
}

void PersistentMap::erase(ByteView key) {
  if (find(key) != nullptr) root_ = remove(root_, key);
}

const PersistentMap::Entry* PersistentMap::find(ByteView key) const {
  const Entry* entry = first_at_or_after(key);
  return entry != nullptr && equal(entry->key, key) ? entry : nullptr;
}

const PersistentMap::Entry* PersistentMap::first_at_or_after(ByteView key) const {
  const Entry* best = nullptr;
  for (const Node* node = root_.get(); node != nullptr;) {
    const bool fits = compare(node->entry->key, key) >= 0;
    if (fits) best = node->entry.get();
    node = fits ? node->left.get() : node->right.get();
  }
  return best;
}

const PersistentMap::Entry* PersistentMap::first_after(ByteView key) const {
  const Entry* best = nullptr;
  for (const Node* node = root_.get(); node != nullptr;) {
    const bool fits = compare(node->entry->key, key) > 0;
    if (fits) best = node->entry.get();
    node = fits ? node->left.get() : node->right.get();
  }
  return best;
}

const PersistentMap::Entry* PersistentMap::last_at_or_before(ByteView key) const {
  const Entry* best = nullptr;
  for (const Node* node = root_.get(); node != nullptr;) {
    const bool fits = compare(node->entry->key, key) <= 0;
    if (fits) best = node->entry.get();
    node = fits ? node->right.get() : node->left.get();
  }
  return best;
}

const PersistentMap::Entry* PersistentMap::last_before(ByteView key) const {
  const Entry* best = nullptr;
  for (const Node* node = root_.get(); node != nullptr;) {
    const bool fits = compare(node->entry->key, key) < 0;
    if (fits) best = node->entry.get();
    node = fits ? node->right.get() : node->left.get();
  }
  return best;
}

}  // namespace aitbc
