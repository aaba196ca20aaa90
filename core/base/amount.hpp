// Money: a checked unsigned 128-bit count of base units. 10^18 base units are one AIT.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"

namespace aitbc {

__extension__ using uint128 = unsigned __int128;

class Amount {
 public:
  constexpr Amount() = default;
  constexpr explicit Amount(std::uint64_t units) : units_(units) {}
  static constexpr Amount from_units(uint128 units) {
    Amount out;
    out.units_ = units;
    return out;
  }
  static constexpr Amount max() { return from_units(~uint128{0}); }
  // One AIT.
  static constexpr Amount ait(std::uint64_t whole) {
    return from_units(uint128{whole} * 1'000'000'000'000'000'000U);
  }

  constexpr uint128 units() const { return units_; }
  constexpr bool is_zero() const { return units_ == 0; }
  constexpr auto operator<=>(const Amount&) const = default;

  Uint256 to_uint256() const {
    return Uint256::from_parts(0, 0, static_cast<std::uint64_t>(units_ >> 64),
                               static_cast<std::uint64_t>(units_));
  }

 private:
  uint128 units_ = 0;
};

// Checked arithmetic: nullopt on overflow or underflow, never a wrap.
[[nodiscard]] constexpr std::optional<Amount> checked_add(Amount a, Amount b) {
  uint128 sum = 0;
  if (__builtin_add_overflow(a.units(), b.units(), &sum)) return std::nullopt;
  return Amount::from_units(sum);
}
[[nodiscard]] constexpr std::optional<Amount> checked_sub(Amount a, Amount b) {
  if (a < b) return std::nullopt;
  return Amount::from_units(a.units() - b.units());
}
[[nodiscard]] constexpr std::optional<Amount> checked_mul(Amount a, std::uint64_t factor) {
  uint128 product = 0;
  if (__builtin_mul_overflow(a.units(), uint128{factor}, &product)) return std::nullopt;
  return Amount::from_units(product);
}
// a * numerator / denominator with a 256-bit product, rounded down or up. nullopt when the quotient does not
// fit or the denominator is zero.
[[nodiscard]] std::optional<Amount> mul_div_floor(Amount a, uint128 numerator, uint128 denominator);
[[nodiscard]] std::optional<Amount> mul_div_ceil(Amount a, uint128 numerator, uint128 denominator);
// nullopt when the value needs more than 128 bits.
[[nodiscard]] std::optional<Amount> to_amount(const Uint256& value);

// "1234" base units, in decimal.
std::string to_units_string(Amount amount);
// "1.5", exact, without trailing zeros or exponent, in AIT.
std::string to_ait_string(Amount amount);
// Parses a decimal count of AIT such as "1.5". Refuses signs, exponents, more than 18 fractional digits,
// overflow.
Result<Amount> parse_ait(std::string_view text);
// Parses a decimal count of base units.
Result<Amount> parse_units(std::string_view text);

}  // namespace aitbc
