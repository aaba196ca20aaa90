// What a block changed: the difference between two states, in key order.
#pragma once

#include <optional>
#include <vector>

#include "execution/account.hpp"

namespace aitbc {

struct AccountChange {
  Address address;
  std::optional<Account> before;
  std::optional<Account> after;  // nullopt: the account is gone
};

struct StorageChange {
  Address address;
  Bytes key;
  std::optional<Bytes> before;
  std::optional<Bytes> after;  // nullopt: the entry is gone
};

struct StateDiff {
  std::vector<AccountChange>
      accounts;  // ascending by address, one each, before != after or its storage changed
  std::vector<StorageChange> storage;  // ascending by (address, key), one each, before != after
  // Money made and destroyed on purpose (State::mint, State::burn).
  Amount minted;
  Amount burned;
};

// True when sum(balances after) == sum(balances before) + minted - burned: nothing appeared or vanished
// unsaid.
bool conserves_money(const StateDiff& diff);

}  // namespace aitbc
