#include "wallet/cli/period.hpp"

#include <charconv>
#include <limits>

namespace aitbc::cli {
namespace {

constexpr std::uint64_t kMaxPeriod_s = 100ULL * 365 * 86'400;

std::uint64_t seconds_of_unit(std::string_view unit) {
  if (unit == "s" || unit.empty()) return 1;
  if (unit == "m") return 60;
  if (unit == "h") return 3'600;
  if (unit == "d") return 86'400;
  return unit == "w" ? 7 * 86'400 : 0;
}

}  // namespace

Outcome<std::uint64_t> parse_period(const std::string& text, const std::string& option) {
  std::uint64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  const std::uint64_t unit = seconds_of_unit({rest, static_cast<std::size_t>(end - rest)});
  if (error != std::errc{} || unit == 0 || count == 0 || count > kMaxPeriod_s / unit)
    return failed(Exit::usage, option + " '" + text + "' is not a time such as 90s, 5m, 24h or 7d");
  return count * unit;
}

Outcome<TimeRange> range_of(const Context& context, const std::string& period) {
  AITBC_ASSIGN(const std::uint64_t seconds, parse_period(period));
  const std::uint64_t now = context.env.unix_now();
  return TimeRange{now - std::min(seconds, now), std::numeric_limits<std::uint32_t>::max()};
}

}  // namespace aitbc::cli
