#include "base/amount.hpp"

#include <algorithm>

namespace aitbc {
namespace {

constexpr std::size_t kDecimals = 18;

struct Product {  // 256 bits
  uint128 high;
  uint128 low;
};

Product multiply(uint128 a, uint128 b) {
  const auto low64 = [](uint128 v) { return uint128{static_cast<std::uint64_t>(v)}; };
  const uint128 ll = low64(a) * low64(b);
  const uint128 lh = low64(a) * (b >> 64);
  const uint128 hl = (a >> 64) * low64(b);
  const uint128 hh = (a >> 64) * (b >> 64);
  const uint128 middle = (ll >> 64) + low64(lh) + low64(hl);
  return {hh + (lh >> 64) + (hl >> 64) + (middle >> 64), middle << 64 | low64(ll)};
}

struct Division {
  uint128 quotient;
  uint128 remainder;
};

// Precondition: product.high < denominator, so that the quotient fits.
Division divide(Product product, uint128 denominator) {
  if (product.high == 0) {
    const uint128 quotient = product.low / denominator;
    return {quotient, product.low - quotient * denominator};
  }
  uint128 remainder = product.high;
  uint128 quotient = 0;
  for (int bit = 127; bit >= 0; --bit) {
    const bool overflow = (remainder >> 127) != 0;
    remainder = remainder << 1 | (product.low >> bit & 1);
    if (overflow || remainder >= denominator) {
      remainder -= denominator;
      quotient |= uint128{1} << bit;
    }
  }
  return {quotient, remainder};
}

std::optional<Division> mul_div(Amount a, uint128 numerator, uint128 denominator) {
  const Product product = multiply(a.units(), numerator);
  if (product.high >= denominator) return std::nullopt;  // covers a zero denominator
  return divide(product, denominator);
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<Amount> mul_div_floor(Amount a, uint128 numerator, uint128 denominator) {
  const auto division = mul_div(a, numerator, denominator);
  if (!division) return std::nullopt;
  return Amount::from_units(division->quotient);
}

std::optional<Amount> mul_div_ceil(Amount a, uint128 numerator, uint128 denominator) {
  const auto division = mul_div(a, numerator, denominator);
  if (!division) return std::nullopt;
  if (division->remainder == 0) return Amount::from_units(division->quotient);
  return checked_add(Amount::from_units(division->quotient), Amount(1));
}

std::optional<Amount> to_amount(const Uint256& value) {
  if (value.limb(0) != 0 || value.limb(1) != 0) return std::nullopt;
  return Amount::from_units(uint128{value.limb(2)} << 64 | value.limb(3));
}

std::string to_units_string(Amount amount) { return amount.to_uint256().to_decimal(); }

std::string to_ait_string(Amount amount) {
  std::string digits = to_units_string(amount);
  if (digits.size() <= kDecimals) digits.insert(0, kDecimals + 1 - digits.size(), '0');
  const std::size_t point = digits.size() - kDecimals;
  std::string fraction = digits.substr(point);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  digits.resize(point);
  return fraction.empty() ? digits : digits + "." + fraction;
}

Result<Amount> parse_units(std::string_view text) {
  const auto value = Uint256::from_decimal(text);
  if (!value) return fail(ErrorCode::invalid_input, "not a decimal amount: '" + std::string(text) + "'");
  const auto amount = to_amount(*value);
  if (!amount) return fail(ErrorCode::invalid_input, "the amount is larger than 2^128 - 1 base units");
  return *amount;
}

Result<Amount> parse_ait(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
  const bool malformed = whole.empty() || !all_digits(whole) || !all_digits(fraction) ||
                         (point != std::string_view::npos && fraction.empty());
  if (malformed) return fail(ErrorCode::invalid_input, "not an amount in AIT: '" + std::string(text) + "'");
  if (fraction.size() > kDecimals)
    return fail(ErrorCode::invalid_input, "an amount in AIT has at most 18 digits after the point");
  return parse_units(std::string(whole) + std::string(fraction) +
                     std::string(kDecimals - fraction.size(), '0'));
}

}  // namespace aitbc
