#include "wallet/cli/option_values.hpp"

#include <cmath>
#include <string>

#include "base/uint256.hpp"

namespace aitbc::cli {
namespace {

constexpr double kMaxHours = 1e6;

}  // namespace

Outcome<Amount> ait_option(std::string_view text, std::string_view option) {
  const auto amount = parse_ait(text);
  if (!amount) return failed(Exit::usage, std::string(option) + ": " + amount.error().message);
  return *amount;
}

Outcome<std::uint64_t> percent_option(std::string_view text, std::string_view option) {
  const auto parsed = parse_ait(text);  // a plain decimal number, exactly
  const uint128 one_bps = Amount::ait(1).units() / 100;
  if (parsed && parsed->units() % one_bps == 0 && parsed->units() / one_bps <= 10'000)
    return static_cast<std::uint64_t>(parsed->units() / one_bps);
  return failed(Exit::usage, std::string(option) + " must be between 0 and 100, with at most two decimals");
}

std::string whole_number_fault(const std::string& text, std::uint64_t least, std::uint64_t most) {
  const auto number = Uint256::from_decimal(text);
  if (number && *number >= Uint256(least) && *number <= Uint256(most)) return "";
  return "'" + text + "' is not a whole number from " + std::to_string(least) + " to " + std::to_string(most);
}

std::string units_fault(const std::string& text) {
  return parse_units(text) ? "" : "'" + text + "' is not a number of base units (10^-18 AIT)";
}

Outcome<std::uint64_t> seconds_of_hours(double hours, std::string_view option) {
  const bool sensible = hours > 0 && hours <= kMaxHours;
  const auto seconds = sensible ? static_cast<std::uint64_t>(std::llround(hours * 3600)) : 0;
  if (seconds == 0) return failed(Exit::usage, std::string(option) + " must be a number of hours above 0");
  return seconds;
}

}  // namespace aitbc::cli
