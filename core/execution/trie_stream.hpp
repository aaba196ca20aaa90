// Builds a trie from its leaves in key order, keeping only the branches above the latest leaf.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "execution/trie_record.hpp"

namespace aitbc::trie {

class TrieStream {
 public:
  // Told of each branch once everything below it is there, children before parents.
  using OnRecord = std::function<Result<void>(const BranchRecord&)>;
  explicit TrieStream(OnRecord on_record) : on_record_(std::move(on_record)) {}

  // Preconditions: `key` above the one before, value not empty. Fails when on_record does.
  Result<void> add(const Hash& key, ByteView value);
  // Ends the stream. kEmptyTrieRoot when nothing was added.
  Result<Hash> finish();
  // Ends a stream of leaves that share their first `slot_depth` half-bytes: what a parent would hold for the
  // subtree of them. Precondition: something was added.
  Result<NodeRef> finish_below(std::size_t slot_depth);
  std::uint64_t leaves() const { return leaves_; }

 private:
  struct Leaf {
    Hash key;
    Bytes value;
  };
  // A finished node that has no parent yet: the last leaf, or the branch in `branch`.
  struct Finished {
    bool is_leaf = true;
    BranchRecord branch;
  };
  Result<void> close_above(std::size_t depth, Finished& node);
  Result<NodeRef> finish_node(Finished& node, std::size_t slot_depth);
  Result<void> attach(Finished& node);

  OnRecord on_record_;
  std::optional<Leaf> last_;
  std::vector<BranchRecord> open_;  // on the path of the last leaf, the root's side first
  std::uint64_t leaves_ = 0;
};

}  // namespace aitbc::trie
