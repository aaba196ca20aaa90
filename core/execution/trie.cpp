#include "execution/trie.hpp"

#include <algorithm>

#include "codec/rlp.hpp"
#include "execution/trie_nodes.hpp"
#include "types/header.hpp"

namespace aitbc::trie {
namespace {

struct Entry {
  ByteView key;
  ByteView value;
};

// Lays out the nodes above sorted entries, then hashes them from the deepest level up.
class Builder {
 public:
  // Precondition: keys ascending and distinct, values not empty.
  explicit Builder(std::span<const Entry> entries) : entries_(entries) {}

  Hash root() {
    if (entries_.empty()) return kEmptyTrieRoot;
    lay_out(entries_, 0, kNoParent, 0);
    for (const Leaf& leaf : leaves_) {
      hasher_.add(slot_of(leaf.parent, leaf.nibble),
                  [&leaf](Bytes& out) { append_leaf(out, leaf.entry.key, leaf.from, leaf.entry.value); });
    }
    std::stable_sort(order_.begin(), order_.end(), [this](std::size_t a, std::size_t b) {
      return branches_[a].depth > branches_[b].depth;
    });
    for (std::size_t begin = 0; begin < order_.size();) begin = hash_level(begin);
    hasher_.flush();
    return root_hash(root_);
  }

 private:
  static constexpr std::size_t kNoParent = ~std::size_t{0};
  struct Leaf {
    Entry entry;
    std::size_t from;  // where its part of the path starts
    std::size_t parent;
    std::uint8_t nibble;
  };
  struct Branch {
    ByteView path;      // of an entry below it
    std::size_t from;   // where its extension starts
    std::size_t depth;  // where the branch is
    std::size_t parent;
    std::uint8_t nibble;
    ByteView value;
    NodeRef self;  // when there is an extension above it
    Children children;
  };

  NodeRef& slot_of(std::size_t parent, std::uint8_t nibble) {
    return parent == kNoParent ? root_ : branches_[parent].children[nibble];
  }

  // Precondition: entries not empty, and the same in their first `from` half-bytes.
  void lay_out(std::span<const Entry> entries, std::size_t from, std::size_t parent, std::uint8_t nibble) {
    if (entries.size() == 1) {
      leaves_.push_back({entries[0], from, parent, nibble});
      return;
    }
    const std::size_t depth = common_nibbles(entries.front().key, entries.back().key);
    const std::size_t self = branches_.size();
    order_.push_back(self);
    branches_.push_back({entries[0].key, from, depth, parent, nibble, {}, {}, {}});
    if (entries[0].key.size() * 2 == depth) {
      branches_[self].value = entries[0].value;
      entries = entries.subspan(1);
    }
    while (!entries.empty()) {
      const std::uint8_t next = nibble_at(entries[0].key, depth);
      std::size_t count = 1;
      while (count < entries.size() && nibble_at(entries[count].key, depth) == next) ++count;
      lay_out(entries.first(count), depth + 1, self, next);
      entries = entries.subspan(count);
    }
  }

  // Returns where the next level begins.
  std::size_t hash_level(std::size_t begin) {
    hasher_.flush();
    std::size_t end = begin;
    for (; end < order_.size() && branches_[order_[end]].depth == branches_[order_[begin]].depth; ++end) {
      Branch& branch = branches_[order_[end]];
      NodeRef& slot = branch.from == branch.depth ? slot_of(branch.parent, branch.nibble) : branch.self;
      hasher_.add(slot, [&branch](Bytes& out) { append_branch(out, branch.children, branch.value); });
    }
    hasher_.flush();
    for (std::size_t i = begin; i < end; ++i) {
      const Branch& branch = branches_[order_[i]];
      if (branch.from == branch.depth) continue;
      hasher_.add(slot_of(branch.parent, branch.nibble), [&branch](Bytes& out) {
        append_extension(out, branch.path, branch.from, branch.depth, branch.self);
      });
    }
    return end;
  }

  std::span<const Entry> entries_;
  std::vector<Leaf> leaves_;
  std::vector<Branch> branches_;
  std::vector<std::size_t> order_;
  NodeRef root_;
  NodeHasher hasher_;
};

bool by_key(const Entry& a, const Entry& b) { return compare(a.key, b.key) < 0; }

}  // namespace

Hash ordered_root(std::span<const Bytes> items) {
  std::vector<Bytes> keys;
  keys.reserve(items.size());
  std::vector<Entry> entries;
  entries.reserve(items.size());
  for (const Bytes& item : items) {
    rlp::Encoder key;
    key.u64(keys.size());
    keys.push_back(key.take());
    entries.push_back({keys.back(), item});
  }
  std::sort(entries.begin(), entries.end(), by_key);
  return Builder(entries).root();
}

Hash root_of(std::span<const std::pair<Bytes, Bytes>> entries) {
  std::vector<Entry> sorted;
  sorted.reserve(entries.size());
  for (const auto& [key, value] : entries) sorted.push_back({key, value});
  std::stable_sort(sorted.begin(), sorted.end(), by_key);
  std::vector<Entry> kept;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const bool replaced = i + 1 < sorted.size() && equal(sorted[i].key, sorted[i + 1].key);
    if (!replaced && !sorted[i].value.empty()) kept.push_back(sorted[i]);
  }
  return Builder(kept).root();
}

}  // namespace aitbc::trie
