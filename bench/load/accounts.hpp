// The accounts that the load comes from: made of a seed, so that they can be used and funded again.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/amount.hpp"
#include "load/rpc.hpp"
#include "types/transaction.hpp"

namespace aitbc::bench {

struct Account {
  PrivateKey key;
  Address address;
  Nonce nonce = 0;  // the next one
};

// The same seed gives the same accounts.
std::vector<Account> derive_accounts(std::string_view seed, std::size_t count);

// Fee fields of every transaction that the generator makes.
struct Fees {
  Uint256 max_fee_per_gas;
  Uint256 max_priority_fee_per_gas;
};
// The base fee may grow `headroom`-fold before transactions of these fees have to wait.
Result<Fees> choose_fees(const ChainInfo& chain, std::uint64_t headroom);

// A signed EIP-1559 transfer.
Transaction make_transfer(const Account& from, Nonce nonce, const Address& to, Amount value,
                          std::uint64_t chain_id, const Fees& fees);

// Waits until a sender's transactions below that nonce are included; unavailable when that takes too long.
Result<void> wait_for_nonce(Rpc& rpc, const Address& address, Nonce nonce, std::chrono::milliseconds timeout);

struct Funding {
  Amount balance_each;  // accounts that hold less are sent the difference
  std::size_t batch = 100;
  std::chrono::milliseconds timeout{60'000};  // for the transfers to be included
};
// Sends from the funder and waits; then reads every account's nonce.
Result<void> fund_accounts(Rpc& rpc, const PrivateKey& funder, std::span<Account> accounts,
                           std::uint64_t chain_id, const Fees& fees, const Funding& funding);

}  // namespace aitbc::bench
