#include "marketplace/invariants.hpp"

#include "marketplace/recount.hpp"

namespace aitbc::market {

std::string_view statement_of(Invariant invariant) {
  switch (invariant) {
    case Invariant::conservation:
      return "sum of balances == minted - burned, escrow and stakes being the contract's balance";
    case Invariant::escrow:
      return "escrow == sum of the locks of open records";
    case Invariant::terminal_records:
      return "a terminal record locks nothing";
    case Invariant::schedules:
      return "intervals of a GPU are disjoint and are those of its bookings";
    case Invariant::time_index:
      return "time index and records with a deadline, one to one";
    case Invariant::closures:
      return "every closure: paid + fee + refund == lock";
    case Invariant::reviews:
      return "a review belongs to a closed booking or service of its customer";
    case Invariant::bids:
      return "no open bid under a closed parent";
    case Invariant::counters:
      return "counters equal recounts";
  }
  return "";
}

std::optional<std::string> first_failure(const InvariantReport& report) {
  for (std::size_t i = 0; i < kInvariants; ++i) {
    const InvariantCheck& check = report.checks[i];
    if (check.holds()) continue;
    std::string out = "invariant " + std::to_string(i + 1) + " (";
    out += statement_of(static_cast<Invariant>(i + 1));
    out += "): ";
    if (check.failure) return out + *check.failure;
    return out + "counted " + to_units_string(check.counted) + ", expected " +
           to_units_string(check.expected) + " " + std::string(check.unit);
  }
  return std::nullopt;
}

Result<InvariantReport> check_each_invariant(const StateView& state, Seconds now) {
  return Recount(state, now).run();
}

Result<void> recount(const StateView& state, Seconds now) {
  AITBC_ASSIGN(const InvariantReport report, check_each_invariant(state, now));
  if (const auto failure = first_failure(report))
    return fail(ErrorCode::corruption, "marketplace: " + *failure);
  return {};
}

}  // namespace aitbc::market
