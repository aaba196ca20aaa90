// The latest state as flat keys of Table::state, so that a read costs one look-up.
#pragma once

#include <functional>
#include <memory>

#include "execution/state_diff.hpp"
#include "execution/state_view.hpp"
#include "storage/store.hpp"

namespace aitbc {

// Table::state
//   'a' | keccak256(address)     -> address | encode(Account)   (the account trie's leaves, in path order)
//   's' | address | storage key  -> value                       (in storage key order)
Bytes account_key(const Address& address);
Bytes storage_key(const Address& address, ByteView key);

// The state in a snapshot, which it keeps alive. Thread-safe.
std::shared_ptr<const StateView> make_flat_state_view(std::shared_ptr<const Snapshot> snapshot);

// Visits every account, in the order of the hashes of their addresses.
Result<void> for_each_account(const Snapshot& snapshot,
                              const std::function<void(const Address&, const Account&)>& visit);

// Appends the puts and deletes that turn `before` into `after`. `diff` must carry the new storage roots.
void append_state_diff(WriteBatch& batch, const StateDiff& diff);

}  // namespace aitbc
