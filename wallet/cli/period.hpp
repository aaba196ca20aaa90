// Stretches of time as people write them.
#pragma once

#include <cstdint>
#include <string>

#include "wallet/cli/context.hpp"
#include "wallet/cli/outcome.hpp"

namespace aitbc::cli {

// "90s", "5m", "1h", "24h", "7d": seconds. A usage failure that names `option` otherwise, above 100 years
// too.
Outcome<std::uint64_t> parse_period(const std::string& text, const std::string& option = "--period");

// The time from `from` to `to`, in Unix seconds, both included.
struct TimeRange {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};
// The period that ends now. Blocks may be stamped a little ahead of this machine's clock, so the end is open.
Outcome<TimeRange> range_of(const Context& context, const std::string& period);

}  // namespace aitbc::cli
