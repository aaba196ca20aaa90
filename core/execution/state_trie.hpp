// The state's Merkle Patricia tries, kept incrementally in Table::trie: only touched paths are read and
// rehashed.
//
// The account trie is Ethereum's: keccak256(address) -> encode(Account). A module's storage trie is
// Ethereum's too: keccak256(slot) -> rlp(value) where, for a storage entry (key, value), slot =
// keccak256(key) and the 32-byte word is keccak256(value). So eth_getStorageAt, eth_getProof and any Ethereum
// proof checker work on records of any size.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "execution/state_diff.hpp"
#include "storage/store.hpp"

namespace aitbc {

// The 32-byte slot and word under which a storage entry stands in the trie.
Hash storage_slot(ByteView key);
Hash storage_word(ByteView value);

// A bounded cache of trie nodes between blocks. Not thread-safe; belongs to the one writer. Its content is
// always that of the last update(); forget() it when a computed update was not committed.
class TrieCache {
 public:
  explicit TrieCache(std::size_t limit_bytes);
  ~TrieCache();
  void forget();

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Works out the new roots: fills in `after->storage_root` of each account whose storage changed, appends the
// changed trie nodes to `batch`, and returns the new state root. Reads nodes through `snapshot` (the state
// before `diff`) and the cache.
Result<Hash> update_state_trie(const Snapshot& snapshot, TrieCache& cache, StateDiff& diff,
                               WriteBatch& batch);

// The root that Table::trie holds.
Result<Hash> state_root(const Snapshot& snapshot);

// eth_getProof (EIP-1186) on the snapshot's state.
struct StorageProof {
  Hash slot;
  Hash word;  // zero when absent
  std::vector<Bytes> nodes;
};
struct AccountProof {
  Account account;  // Account::empty() when absent
  std::vector<Bytes> nodes;
  std::vector<StorageProof> storage;
};
Result<AccountProof> prove(const Snapshot& snapshot, const Address& address, std::span<const Hash> slots);

// Recomputes every root from Table::state alone and compares with Table::trie, node by node. `corruption`
// names the first difference. Memory use does not grow with the number of accounts.
struct TrieCheckReport {
  Hash root;
  std::uint64_t accounts = 0;
  std::uint64_t storage_entries = 0;
  std::uint64_t nodes = 0;
};
Result<TrieCheckReport> check_state_trie(const Snapshot& snapshot);

}  // namespace aitbc
