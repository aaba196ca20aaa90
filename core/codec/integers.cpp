#include "codec/integers.hpp"

#include "codec/hex.hpp"

namespace aitbc {
namespace {

Uint256 negated(const Uint256& word) {
  const Uint256 inverted = Uint256::from_parts(~word.limb(0), ~word.limb(1), ~word.limb(2), ~word.limb(3));
  return Uint256::checked_add(inverted, Uint256(1)).value_or(Uint256{});  // -0 is 0
}

bool is_negative(const Uint256& word) { return word.limb(0) >> 63 != 0; }

// True when the bits from `first` (counted from the least significant) up are all zero.
bool zero_above(const Uint256& word, std::size_t first) {
  for (std::size_t bit = first; bit < 256; bit = (bit / 64 + 1) * 64)
    if (word.limb(3 - bit / 64) >> (bit % 64) != 0) return false;
  return true;
}

std::optional<Uint256> parse_magnitude(std::string_view digits) {
  if (!digits.starts_with("0x")) return Uint256::from_decimal(digits);
  const std::size_t first = digits.find_first_not_of('0', 2);
  const std::string minimal =
      first == std::string_view::npos ? "0x0" : "0x" + std::string(digits.substr(first));
  const auto value = hex::parse_quantity(minimal);
  if (!value || digits.size() == 2) return std::nullopt;
  return *value;
}

}  // namespace

bool is_in_range(const Uint256& word, IntegerType type) {
  if (!type.is_signed) return zero_above(word, type.bits);
  // A negative value's complement is the non-negative value with the same number of significant bits.
  const Uint256 magnitude =
      is_negative(word) ? Uint256::from_parts(~word.limb(0), ~word.limb(1), ~word.limb(2), ~word.limb(3))
                        : word;
  return zero_above(magnitude, type.bits - 1);
}

Result<Uint256> parse_integer(std::string_view text, IntegerType type) {
  const bool minus = text.starts_with('-');
  const auto magnitude = parse_magnitude(minus ? text.substr(1) : text);
  if (!magnitude) return fail(ErrorCode::invalid_input, "not an integer: '" + std::string(text) + "'");
  const Uint256 word = minus ? negated(*magnitude) : *magnitude;
  const bool sign_kept = magnitude->is_zero() || !type.is_signed || is_negative(word) == minus;
  if ((minus && !type.is_signed) || !sign_kept || !is_in_range(word, type))
    return fail(ErrorCode::invalid_input, std::string(text) + " is not in the range of " +
                                              (type.is_signed ? "int" : "uint") + std::to_string(type.bits));
  return word;
}

std::string integer_text(const Uint256& word, bool is_signed) {
  if (is_signed && is_negative(word)) return "-" + negated(word).to_decimal();
  return word.to_decimal();
}

}  // namespace aitbc
