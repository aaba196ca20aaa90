// A state in ordinary maps, to execute on and to compare with.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <utility>

#include "execution/state_diff.hpp"
#include "execution/state_view.hpp"

namespace aitbc::test {

struct MapStateView final : StateView {
  using StorageKey = std::pair<Address, Bytes>;
  std::map<Address, Account> accounts;
  std::map<StorageKey, Bytes> storage_entries;
  std::optional<Error> failure;  // of every read, when set
  mutable std::size_t reads = 0;

  Result<std::optional<Account>> account(const Address& address) const override {
    ++reads;
    if (failure) return fail(*failure);
    const auto found = accounts.find(address);
    return found == accounts.end() ? std::nullopt : std::optional(found->second);
  }
  Result<std::optional<Bytes>> storage(const Address& address, ByteView key) const override {
    ++reads;
    if (failure) return fail(*failure);
    const auto found = storage_entries.find({address, to_bytes(key)});
    return found == storage_entries.end() ? std::nullopt : std::optional(found->second);
  }
  Result<std::optional<KeyValue>> storage_lower_bound(const Address& address, ByteView from) const override {
    ++reads;
    if (failure) return fail(*failure);
    const auto found = storage_entries.lower_bound({address, to_bytes(from)});
    if (found == storage_entries.end() || found->first.first != address) return std::nullopt;
    return KeyValue{found->first.second, found->second};
  }

  void fund(const Address& address, Amount balance, Nonce nonce = 0) {
    Account account = Account::empty();
    account.balance = balance;
    account.nonce = nonce;
    accounts[address] = account;
  }

  // Checks on the way that the diff starts from this state and says nothing twice or in vain.
  void apply(const StateDiff& diff) {
    apply_storage(diff);
    for (std::size_t i = 0; i < diff.accounts.size(); ++i) {
      const AccountChange& change = diff.accounts[i];
      if (i > 0) CHECK(diff.accounts[i - 1].address < change.address);
      CHECK(*account(change.address) == change.before);
      CHECK((change.before || change.after));
      if (change.after) {
        CHECK_FALSE(change.after->is_empty());
        accounts[change.address] = *change.after;
      } else {
        accounts.erase(change.address);
      }
    }
  }

 private:
  void apply_storage(const StateDiff& diff) {
    for (std::size_t i = 0; i < diff.storage.size(); ++i) {
      const StorageChange& change = diff.storage[i];
      const StorageKey key{change.address, change.key};
      if (i > 0) CHECK(StorageKey{diff.storage[i - 1].address, diff.storage[i - 1].key} < key);
      CHECK(*storage(change.address, change.key) == change.before);
      CHECK(change.before != change.after);
      if (change.after) {
        storage_entries[key] = *change.after;
      } else {
        storage_entries.erase(key);
      }
    }
  }
};

inline Address address_of(std::uint8_t last) {
  Address address;
  address.bytes[19] = last;
  return address;
}

}  // namespace aitbc::test
