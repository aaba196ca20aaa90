// Applies a set of leaf changes to one trie: reads the records on their paths, works out the new ones, and
// rehashes what changed. Knows nothing of accounts and storage.
#pragma once

#include <deque>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "execution/trie_record.hpp"
#include "storage/store.hpp"

namespace aitbc::trie {

// At most one per key; `existed` says whether the trie has the key.
struct LeafChange {
  Hash key;
  ByteView value;  // what the leaf is to hold; empty when it goes. Must outlive the update.
  bool existed = false;
};

struct StoredLeaf {
  Hash key;
  Bytes value;
};

// What the trie was before the changes.
class TrieReader {
 public:
  virtual ~TrieReader() = default;
  // Both at the first `count` half-bytes of `path`. The view holds until the next call.
  virtual Result<std::optional<ByteView>> record(const Hash& path, std::size_t count) = 0;
  // The first leaf below; `corruption` when there is none.
  virtual Result<StoredLeaf> leaf(const Hash& path, std::size_t count) = 0;
};

// What is to be done in Table::trie. It is said while the update goes on: of a subtree all at once, deletes
// first, when nothing in it will be read again.
struct RecordSink {
  std::function<void(const Hash& path, std::size_t count)> erase;
  std::function<void(const Hash& path, std::size_t count, ByteView record)> put;
};

class TrieUpdate {
 public:
  // Subtrees with that many changes are worth finishing one after the other: what is worked on then stays in
  // the processor's caches. Fewer are hashed together.
  static constexpr std::size_t kWorthFinishing = 64;

  // Reader and sink must outlive this object.
  TrieUpdate(TrieReader& reader, const RecordSink& sink, std::size_t worth_finishing = kWorthFinishing)
      : reader_(reader), sink_(sink), worth_finishing_(worth_finishing) {}

  // The root after the changes. Preconditions: changes not empty, ascending by key. Call once.
  // `corruption` when the trie and `existed` disagree as far as that is noticed; what the sink was told is
  // void then.
  Result<Hash> apply(std::span<const LeafChange> changes);

 private:
  using Changes = std::span<const LeafChange>;
  static constexpr std::uint32_t kNowhere = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint8_t kNotStored = std::numeric_limits<std::uint8_t>::max();

  // A branch that may change. Its children are stored ones, whose references it has, or changed ones.
  struct Branch : BranchRecord {
    std::uint8_t stored_depth = kNotStored;  // slot_depth of the record that it was read from
    bool alive = true;
    std::uint16_t changed_bits = 0;               // which children have changed
    std::array<std::uint32_t, 16> changed_child;  // their places in leaves_ or branches_
    std::uint32_t parent = kNowhere;
    NodeRef self;  // when there is an extension above it
  };
  struct Leaf {
    Hash key;
    ByteView value;
    std::uint32_t parent = kNowhere;
  };
  // What stands in a slot.
  struct Child {
    enum class Kind : std::uint8_t { none, leaf, branch };
    Kind kind = Kind::none;
    std::uint32_t at = 0;
  };

  Result<Child> change_root(Changes changes);
  Result<Child> change_branch(std::uint32_t at, std::size_t slot_depth, Changes changes);
  Result<Child> change_child(std::uint32_t at, std::size_t nibble, Changes changes);
  Result<Child> change_leaf(const Hash& path, std::size_t slot_depth, Changes changes);
  Result<Child> split_extension(std::uint32_t at, std::size_t slot_depth, std::size_t depth, Changes changes);
  Result<Child> insert_all(std::size_t slot_depth, Changes changes);
  Result<Child> build(std::size_t slot_depth, std::span<const std::uint32_t> leaves);
  Result<Child> settle(std::uint32_t at, std::size_t slot_depth);
  Result<Child> only_child(std::uint32_t at, std::size_t nibble);
  void set_child(std::uint32_t at, std::size_t nibble, Child child);

  Result<std::uint32_t> load_branch(const Hash& path, std::size_t slot_depth);
  Result<std::uint32_t> load_leaf(const Hash& path, std::size_t slot_depth);
  std::uint32_t add_leaf(const Hash& key, ByteView value);
  std::uint32_t add_branch(const Hash& path, std::size_t slot_depth, std::size_t depth);

  // What was added to branches_ and leaves_ since.
  struct Mark {
    std::size_t branches = 0;
    std::size_t leaves = 0;
  };
  void finish(Child top, Mark from);
  void rehash(Mark from);
  void emit(Mark from) const;
  void rehash_level(std::span<const std::uint32_t> level, NodeHasher& hasher);
  NodeRef& slot_of(std::uint32_t parent, const Hash& path);

  TrieReader& reader_;
  const RecordSink& sink_;
  std::size_t worth_finishing_;
  std::vector<Branch> branches_;
  std::vector<Leaf> leaves_;
  std::deque<Bytes> loaded_values_;
  bool root_stored_ = false;
  NodeRef top_ref_;  // of what finish() was called for
};

}  // namespace aitbc::trie
