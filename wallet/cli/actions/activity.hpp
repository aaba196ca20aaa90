// What happened on the market in a stretch of time.
#pragma once

#include <map>
#include <set>

#include "wallet/cli/market_client.hpp"
#include "wallet/cli/period.hpp"

namespace aitbc::cli {

struct Activity {
  std::map<std::string, std::uint64_t> by_type;  // "BOOK" -> transactions
  std::map<std::string, std::uint64_t> by_event;
  std::set<std::string> accounts;  // that sent them
  std::uint64_t transactions = 0;
  std::uint64_t reverted = 0;
  std::uint64_t gas_used = 0;
  std::uint64_t first_block = 0;
  std::uint64_t last_block = 0;
  bool is_complete = true;  // false: only the newest kMaxActivity
};
inline constexpr unsigned kMaxActivity = 20'000;
Outcome<Activity> activity_in(Context& context, const TimeRange& range);

// One thing that must hold, and whether it does.
struct Check {
  std::string what;
  bool holds = false;
  std::string detail;
};
// Prints the checks; fails (refused) when one does not hold.
Outcome<void> print_checks(Context& context, const std::vector<Check>& checks);

// The market's books, recounted by the node: market_reconcile.
Outcome<Check> check_books(Context& context);
// What closed in the period paid out exactly what was locked.
struct PaymentCheck {
  std::uint64_t checked = 0;
  std::vector<std::string> wrong;  // ids
};
Outcome<PaymentCheck> check_payments(Context& context, const TimeRange& range);
// paid + fee + refund == locked, and the fee is the rate's share of what was earned.
bool service_adds_up(const Json& service);

}  // namespace aitbc::cli
