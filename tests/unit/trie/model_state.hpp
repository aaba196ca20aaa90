// A state in ordinary maps, changed by random blocks, beside the store that is kept by the code under test.
#pragma once

#include <map>
#include <random>
#include <set>
#include <vector>

#include "execution/flat_state.hpp"
#include "execution/state_trie.hpp"
#include "execution/trie.hpp"

namespace aitbc::test {

using Entries = std::map<Bytes, Bytes>;  // one account's storage

struct ModelState {
  std::map<Address, Account> accounts;
  std::map<Address, Entries> storage;
};

// Root of the storage trie, built from nothing.
Hash storage_root_of(const Entries& entries);
// Root of the account trie, built from nothing. Fills in the storage roots.
Hash root_of(ModelState& state);

// Addresses of which many have hashes that begin alike, so that few of them make a deep trie.
std::vector<Address> clustered_addresses(std::size_t count, std::size_t shared_nibbles);
// Storage keys of which many stand close together in the trie.
std::vector<Bytes> clustered_storage_keys(std::size_t count, std::size_t shared_nibbles);

class BlockMaker {
 public:
  BlockMaker(std::uint64_t seed, std::vector<Address> addresses, std::vector<Bytes> keys)
      : random_(seed), addresses_(std::move(addresses)), keys_(std::move(keys)) {}

  // Changes `state` and says how.
  StateDiff next(ModelState& state);
  std::mt19937_64& random() { return random_; }
  const Address& any_address() { return addresses_[random_() % addresses_.size()]; }
  const Bytes& any_key() { return keys_[random_() % keys_.size()]; }

 private:
  void change_storage(Entries& entries);

  std::mt19937_64 random_;
  std::vector<Address> addresses_;
  std::vector<Bytes> keys_;
};

// Commits `diff` as a node does: flat state and trie in one batch. Returns the root.
Result<Hash> commit(Store& store, TrieCache& cache, StateDiff diff);

}  // namespace aitbc::test
