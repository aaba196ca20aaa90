// What must hold between all records of the marketplace.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/amount.hpp"
#include "base/result.hpp"
#include "execution/state_view.hpp"

namespace aitbc::market {

enum class Invariant : std::uint8_t {
  conservation = 1,
  escrow,
  terminal_records,
  schedules,
  time_index,
  closures,
  reviews,
  bids,
  counters,
};
inline constexpr std::size_t kInvariants = 9;
// What it says, in words.
std::string_view statement_of(Invariant invariant);

// One invariant, recounted: it holds when the two numbers agree and nothing was found that breaks it.
struct InvariantCheck {
  Amount counted;
  Amount expected;
  std::string_view unit;               // of both numbers
  std::optional<std::string> failure;  // the first thing found
  bool holds() const { return !failure && counted == expected; }
};

struct InvariantReport {
  std::array<InvariantCheck, kInvariants> checks;
  InvariantCheck& operator[](Invariant invariant) { return checks[static_cast<std::size_t>(invariant) - 1]; }
  const InvariantCheck& operator[](Invariant invariant) const {
    return checks[static_cast<std::size_t>(invariant) - 1];
  }
};
// "invariant 2 (...): counted 5, expected 6 base units" of the first that does not hold; nullopt when all do.
std::optional<std::string> first_failure(const InvariantReport& report);

// Walks the whole storage and recounts it. Of conservation it sees what the market itself mints and burns;
// all balances are check_supply's. Memory grows with the number of providers, GPUs and stakes, not of
// bookings and bids. An Error when the state cannot be read or is no marketplace's.
Result<InvariantReport> check_each_invariant(const StateView& state, Seconds now);
// The same, with the first that does not hold as an Error (corruption).
Result<void> recount(const StateView& state, Seconds now);

}  // namespace aitbc::market
