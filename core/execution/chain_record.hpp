// What the state says about the chain itself, under an account of its own: a digest of the rules, and how
// much money there is. Committed by the state root, so eth_getProof shows it.
#pragma once

#include "base/result.hpp"
#include "execution/state.hpp"
#include "execution/state_view.hpp"
#include "storage/store.hpp"

namespace aitbc {

// 0x00000000000000000000000000000000000a17b0. Nobody has its key; no module lives there.
extern const Address kChainRecordAddress;

// All money that is ever made fits 128 bits: a genesis file gives out at most half of what they hold, and
// modules make at most as much again.
inline constexpr Amount kMostInGenesis = Amount::from_units(Amount::max().units() / 2);
inline constexpr Amount kMostMinted = kMostInGenesis;

// Money made and destroyed since and by genesis: at every height minted - burned == sum of all balances.
struct Supply {
  Amount minted;
  Amount burned;
  bool operator==(const Supply&) const = default;
};

// Genesis only. `rules_digest` makes the state root differ between chains whose rules do.
void record_rules(State& state, const Hash& rules_digest);
// Adds what this State minted and burned to the record. To be called once, last, before take_diff(). Fails
// with corruption when the record is damaged.
Result<void> record_issuance(State& state);
// Zeros where nothing was ever made.
Result<Supply> read_supply(const StateView& state);

// Adds up every balance of the snapshot's flat state and compares with the record. corruption, with both sums
// in the message, when they differ.
struct SupplyReport {
  Supply supply;
  std::uint64_t accounts = 0;
};
Result<SupplyReport> check_supply(const Snapshot& snapshot);

}  // namespace aitbc
