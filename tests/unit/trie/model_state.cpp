#include "model_state.hpp"

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "execution/trie_nodes.hpp"

namespace aitbc::test {
namespace {

Bytes storage_leaf(const Hash& word) {
  ByteView rest = word;
  while (!rest.empty() && rest[0] == 0) rest = rest.subspan(1);
  rlp::Encoder out;
  out.bytes(rest);
  return out.take();
}

// Every second candidate whose hash begins like the first one's, and any others, until there are enough.
template <class T, class Make, class Place>
std::vector<T> clustered(std::size_t count, std::size_t shared_nibbles, const Make& make,
                         const Place& place) {
  std::vector<T> out{make(0)};
  const Hash wanted = place(out[0]);
  for (std::uint64_t i = 1; out.size() < count; ++i) {
    T candidate = make(i);
    const bool close = trie::common_nibbles(place(candidate), wanted) >= shared_nibbles;
    if (close || i % 4096 == 0) out.push_back(std::move(candidate));
  }
  return out;
}

void diff_storage(const Address& address, const Entries& before, const Entries& after, StateDiff& diff) {
  std::set<Bytes> keys;
  for (const auto& [key, value] : before) keys.insert(key);
  for (const auto& [key, value] : after) keys.insert(key);
  for (const Bytes& key : keys) {
    StorageChange change{address, key, {}, {}};
    if (const auto it = before.find(key); it != before.end()) change.before = it->second;
    if (const auto it = after.find(key); it != after.end()) change.after = it->second;
    if (change.before != change.after) diff.storage.push_back(std::move(change));
  }
}

}  // namespace

Hash storage_root_of(const Entries& entries) {
  std::vector<std::pair<Bytes, Bytes>> leaves;
  for (const auto& [key, value] : entries)
    leaves.emplace_back(to_bytes(keccak256(keccak256(key))), storage_leaf(keccak256(value)));
  return trie::root_of(leaves);
}

Hash root_of(ModelState& state) {
  std::vector<std::pair<Bytes, Bytes>> leaves;
  for (auto& [address, account] : state.accounts) {
    account.storage_root = storage_root_of(state.storage[address]);
    leaves.emplace_back(to_bytes(keccak256(address)), encode(account));
  }
  return trie::root_of(leaves);
}

std::vector<Address> clustered_addresses(std::size_t count, std::size_t shared_nibbles) {
  const auto make = [](std::uint64_t i) {
    Bytes bytes(12, 0xad);
    append_be64(bytes, i);
    return Address::from(bytes);
  };
  return clustered<Address>(count, shared_nibbles, make, [](const Address& a) { return keccak256(a); });
}

std::vector<Bytes> clustered_storage_keys(std::size_t count, std::size_t shared_nibbles) {
  const auto make = [](std::uint64_t i) {
    Bytes bytes;
    append_be64(bytes, i);
    return bytes;
  };
  return clustered<Bytes>(count, shared_nibbles, make,
                          [](const Bytes& key) { return keccak256(keccak256(key)); });
}

void BlockMaker::change_storage(Entries& entries) {
  const std::size_t count = 1 + random_() % 6;
  for (std::size_t i = 0; i < count; ++i) {
    if (random_() % 3 == 0)
      entries.erase(any_key());
    else
      entries[any_key()] = Bytes(random_() % 50, static_cast<std::uint8_t>(random_()));
  }
}

StateDiff BlockMaker::next(ModelState& state) {
  root_of(state);  // the storage roots of before
  std::set<Address> touched;
  const std::size_t count = random_() % 8;
  const bool shrinking = random_() % 3 == 0;
  for (std::size_t i = 0; i < count; ++i) touched.insert(any_address());
  StateDiff diff;
  for (const Address& address : touched) {
    AccountChange change{address, {}, {}};
    if (const auto it = state.accounts.find(address); it != state.accounts.end()) change.before = it->second;
    const Entries entries_before = state.storage[address];
    if (change.before && random_() % 4 < (shrinking ? 3 : 1)) {
      state.accounts.erase(address);
      state.storage.erase(address);
    } else {
      Account account = change.before.value_or(Account::empty());
      ++account.nonce;
      account.balance = Amount(random_());
      state.accounts[address] = account;
      if (random_() % 3 == 0) change_storage(state.storage[address]);
      change.after = account;
    }
    diff_storage(address, entries_before, state.storage[address], diff);
    diff.accounts.push_back(std::move(change));
  }
  return diff;
}

Result<Hash> commit(Store& store, TrieCache& cache, StateDiff diff) {
  WriteBatch batch;
  AITBC_ASSIGN(const Hash root, update_state_trie(*store.snapshot(), cache, diff, batch));
  append_state_diff(batch, diff);
  if (auto written = store.write(batch, Durability::synced); !written) {
    cache.forget();
    return fail(written.error());
  }
  return root;
}

}  // namespace aitbc::test
