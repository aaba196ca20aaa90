// Values of options as people write them. Each fails (usage) with a sentence that names the option.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/amount.hpp"
#include "wallet/cli/outcome.hpp"

namespace aitbc::cli {

// A decimal number of AIT.
Outcome<Amount> ait_option(std::string_view text, std::string_view option);

// Basis points of a percentage from 0 to 100 with at most two decimals.
Outcome<std::uint64_t> percent_option(std::string_view text, std::string_view option);

// What is wrong with a text, for the parser's checks, or "": not a whole number in that range; not a number
// of base units.
std::string whole_number_fault(const std::string& text, std::uint64_t least, std::uint64_t most);
std::string units_fault(const std::string& text);

// Whole seconds of a decimal number of hours above 0.
Outcome<std::uint64_t> seconds_of_hours(double hours, std::string_view option);

}  // namespace aitbc::cli
