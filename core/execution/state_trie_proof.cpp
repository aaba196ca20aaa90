#include <utility>

#include "crypto/keccak.hpp"
#include "execution/flat_state.hpp"
#include "execution/state_trie.hpp"
#include "execution/trie_readers.hpp"
#include "types/header.hpp"

namespace aitbc {
namespace {

using trie::BranchRecord;
using trie::TrieReader;

// The nodes on the way to a key, from the root down, and the leaf at its end if there is one.
struct Path {
  std::vector<Bytes> nodes;
  std::optional<trie::StoredLeaf> leaf;
};

// A node shorter than a hash stands in its parent already, unless it is the root.
void add_node(Path& path, Bytes node) {
  if (path.nodes.empty() || node.size() >= Hash::kSize) path.nodes.push_back(std::move(node));
}

void add_leaf(Path& path, trie::StoredLeaf leaf, std::size_t from) {
  Bytes node;
  trie::append_leaf(node, leaf.key, from, leaf.value);
  add_node(path, std::move(node));
  path.leaf = std::move(leaf);
}

// The branch and the extension above it; of the latter alone when the key leaves the path there. Returns
// whether the key leads to the branch.
bool add_branch(Path& path, const BranchRecord& record, const Hash& key) {
  Bytes branch;
  trie::append_branch(branch, record.children);
  if (record.slot_depth != record.depth) {
    Bytes extension;
    trie::append_extension(extension, record.path, record.slot_depth, record.depth, trie::ref_of(branch));
    add_node(path, std::move(extension));
  }
  if (trie::common_nibbles(record.path, key) < record.depth) return false;
  add_node(path, std::move(branch));
  return true;
}

Result<Path> walk(TrieReader& reader, const Hash& key) {
  Path path;
  BranchRecord record;
  for (std::size_t depth = 0;;) {
    AITBC_ASSIGN(const auto stored, reader.record(key, depth));
    if (!stored && depth == 0) return path;
    if (!stored) return fail(ErrorCode::corruption, "trie: a record is missing");
    if (depth == 0 && trie::decode_single_leaf(*stored)) break;
    AITBC_TRY(trie::decode_record(*stored, key, depth, record));
    if (!add_branch(path, record, key)) return path;
    const std::uint8_t nibble = trie::nibble_at(key, record.depth);
    if (!record.has_child(nibble)) return path;
    depth = std::size_t{record.depth} + 1;
    if (record.has_leaf(nibble)) {
      AITBC_ASSIGN(trie::StoredLeaf leaf, reader.leaf(key, depth));
      add_leaf(path, std::move(leaf), depth);
      return path;
    }
  }
  AITBC_ASSIGN(trie::StoredLeaf leaf, reader.leaf(Hash{}, 0));
  add_leaf(path, std::move(leaf), 0);
  return path;
}

Result<StorageProof> prove_slot(const Snapshot& snapshot, TrieReader& reader, const Hash& owner,
                                const Hash& slot) {
  const Hash key = keccak256(slot);
  AITBC_ASSIGN(Path path, walk(reader, key));
  StorageProof proof{slot, Hash{}, std::move(path.nodes)};
  if (!path.leaf || path.leaf->key != key) return proof;
  AITBC_ASSIGN(const auto word, snapshot.get(Table::trie, trie::storage_leaf_key(owner, key)));
  if (!word || word->size() != Hash::kSize) return fail(ErrorCode::corruption, "trie: a leaf is missing");
  proof.word = Hash::from(*word);
  return proof;
}

}  // namespace

Result<AccountProof> prove(const Snapshot& snapshot, const Address& address, std::span<const Hash> slots) {
  const Hash key = keccak256(address);
  const auto accounts = trie::make_account_reader(snapshot, nullptr);
  AITBC_ASSIGN(Path path, walk(*accounts, key));
  AccountProof proof{Account::empty(), std::move(path.nodes), {}};
  if (path.leaf && path.leaf->key == key) {
    auto account = decode_account(path.leaf->value);
    if (!account) return fail(ErrorCode::corruption, "state table: an account does not decode");
    proof.account = *account;
  }
  const auto storage = trie::make_storage_reader(snapshot, nullptr, key);
  for (const Hash& slot : slots) {
    AITBC_ASSIGN(StorageProof slot_proof, prove_slot(snapshot, *storage, key, slot));
    proof.storage.push_back(std::move(slot_proof));
  }
  return proof;
}

}  // namespace aitbc
