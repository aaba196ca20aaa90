#include "execution/state_trie.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/check.hpp"
#include "crypto/keccak.hpp"
#include "execution/trie_cache.hpp"
#include "execution/trie_readers.hpp"
#include "execution/trie_update.hpp"
#include "types/header.hpp"

namespace aitbc {
namespace {

using trie::LeafChange;
using trie::TrieId;
using trie::TrieUpdate;

template <class Inputs>
std::vector<Hash> hash_all(const Inputs& inputs) {
  std::vector<ByteView> views(inputs.begin(), inputs.end());
  std::vector<Hash> digests(views.size());
  keccak256_batch(views, digests);
  return digests;
}

bool by_key(const LeafChange& a, const LeafChange& b) { return a.key < b.key; }

// The update of one block, written into a batch and the cache.
class StateUpdate {
 public:
  StateUpdate(const Snapshot& snapshot, TrieCache::Impl& cache, StateDiff& diff, WriteBatch& batch)
      : snapshot_(snapshot), cache_(cache), diff_(diff), batch_(batch) {}

  Result<Hash> run() {
    hash_addresses();
    AITBC_TRY(update_storage());
    AITBC_TRY(drop_storage_of_gone_accounts());
    return update_accounts();
  }

 private:
  void hash_addresses() {
    std::vector<ByteView> addresses;
    addresses.reserve(diff_.accounts.size());
    for (const AccountChange& change : diff_.accounts) addresses.push_back(change.address);
    address_hashes_ = hash_all(addresses);
  }

  Result<void> update_storage() {
    std::span<const StorageChange> rest = diff_.storage;
    for (std::size_t i = 0; i < diff_.accounts.size() && !rest.empty(); ++i) {
      AccountChange& account = diff_.accounts[i];
      const auto end = std::find_if(rest.begin(), rest.end(), [&](const StorageChange& change) {
        return change.address != account.address;
      });
      const auto changes = rest.first(static_cast<std::size_t>(end - rest.begin()));
      rest = rest.subspan(changes.size());
      if (changes.empty() || !account.after) continue;
      AITBC_ASSIGN(account.after->storage_root, update_storage_of(address_hashes_[i], changes));
    }
    AITBC_CHECK(rest.empty(), "an account whose storage changed is in the diff");
    return {};
  }

  Result<Hash> update_storage_of(const Hash& owner, std::span<const StorageChange> changes) {
    std::vector<ByteView> keys;
    std::vector<ByteView> values;
    for (const StorageChange& change : changes) {
      keys.push_back(change.key);
      values.push_back(change.after ? ByteView(*change.after) : ByteView());
    }
    const std::vector<Hash> paths = hash_all(hash_all(keys));
    const std::vector<Hash> words = hash_all(values);
    std::vector<std::size_t> order(changes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return paths[a] < paths[b]; });
    std::vector<Bytes> leaf_values(changes.size());
    std::vector<LeafChange> leaves;
    leaves.reserve(changes.size());
    for (const std::size_t i : order) {
      const trie::RecordKey key = trie::storage_leaf_key(owner, paths[i]);
      if (changes[i].after) {
        leaf_values[i] = trie::storage_leaf_value(words[i]);
        batch_.put(Table::trie, key, words[i]);
      } else {
        batch_.erase(Table::trie, key);
      }
      leaves.push_back({paths[i], leaf_values[i], changes[i].before.has_value()});
    }
    const auto reader = trie::make_storage_reader(snapshot_, &cache_, owner);
    return apply({owner}, *reader, leaves);
  }

  Result<void> drop_storage_of_gone_accounts() {
    for (std::size_t i = 0; i < diff_.accounts.size(); ++i) {
      const AccountChange& change = diff_.accounts[i];
      if (change.after || !change.before || change.before->storage_root == kEmptyTrieRoot) continue;
      const Hash& owner = address_hashes_[i];
      AITBC_TRY(drop_range(TrieId{owner}.record_prefix()));
      AITBC_TRY(drop_range(trie::storage_leaf_key(owner, Hash{}, 0)));
    }
    return {};
  }

  // Every key of Table::trie with the prefix.
  Result<void> drop_range(ByteView prefix) {
    const auto iterator = snapshot_.iterate(Table::trie);
    for (iterator->seek(prefix); iterator->valid() && starts_with(iterator->key(), prefix);
         iterator->next()) {
      cache_.erase(iterator->key());
      batch_.erase(Table::trie, iterator->key());
    }
    return iterator->status();
  }

  Result<Hash> update_accounts() {
    if (diff_.accounts.empty()) return state_root(snapshot_);
    std::vector<Bytes> values(diff_.accounts.size());
    std::vector<LeafChange> leaves;
    leaves.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const AccountChange& change = diff_.accounts[i];
      if (change.after) values[i] = encode(*change.after);
      leaves.push_back({address_hashes_[i], values[i], change.before.has_value()});
    }
    std::sort(leaves.begin(), leaves.end(), by_key);
    const auto reader = trie::make_account_reader(snapshot_, &cache_);
    return apply({}, *reader, leaves);
  }

  Result<Hash> apply(const TrieId& id, trie::TrieReader& reader, std::span<const LeafChange> leaves) {
    const trie::RecordSink sink{[&](const Hash& path, std::size_t count) {
                                  const trie::RecordKey key = id.record_key(path, count);
                                  cache_.erase(key);
                                  batch_.erase(Table::trie, key);
                                },
                                [&](const Hash& path, std::size_t count, ByteView record) {
                                  const trie::RecordKey key = id.record_key(path, count);
                                  cache_.put(key, record);
                                  batch_.put(Table::trie, key, record);
                                }};
    return TrieUpdate(reader, sink).apply(leaves);
  }

  const Snapshot& snapshot_;
  TrieCache::Impl& cache_;
  StateDiff& diff_;
  WriteBatch& batch_;
  std::vector<Hash> address_hashes_;
};

}  // namespace

Hash storage_slot(ByteView key) { return keccak256(key); }
Hash storage_word(ByteView value) { return keccak256(value); }

Result<Hash> update_state_trie(const Snapshot& snapshot, TrieCache& cache, StateDiff& diff,
                               WriteBatch& batch) {
  cache.impl().begin_update();
  auto root = StateUpdate(snapshot, cache.impl(), diff, batch).run();
  if (!root) cache.forget();
  return root;
}

Result<Hash> state_root(const Snapshot& snapshot) {
  const auto reader = trie::make_account_reader(snapshot, nullptr);
  AITBC_ASSIGN(const auto stored, reader->record(Hash{}, 0));
  if (!stored) return kEmptyTrieRoot;
  if (const auto leaf = trie::decode_single_leaf(*stored)) return *leaf;
  trie::BranchRecord record;
  AITBC_TRY(trie::decode_record(*stored, Hash{}, 0, record));
  return trie::root_hash(trie::ref_of(record));
}

}  // namespace aitbc
