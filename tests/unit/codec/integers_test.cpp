#include "codec/integers.hpp"

#include <doctest/doctest.h>

using namespace aitbc;

namespace {

constexpr Uint256 kMinusOne = Uint256::from_parts(~0ULL, ~0ULL, ~0ULL, ~0ULL);
constexpr Uint256 kLowest = Uint256::from_parts(1ULL << 63, 0, 0, 0);

bool parses(std::string_view text, IntegerType type) { return parse_integer(text, type).has_value(); }

}  // namespace

TEST_CASE("numbers at the edges of their type are in range and those beyond are not") {
  CHECK(parses("255", {8, false}));
  CHECK_FALSE(parses("256", {8, false}));
  CHECK_FALSE(parses("-1", {8, false}));
  CHECK(parses("127", {8, true}));
  CHECK_FALSE(parses("128", {8, true}));
  CHECK(parses("-128", {8, true}));
  CHECK_FALSE(parses("-129", {8, true}));
  CHECK(parses("18446744073709551615", {64, false}));
  CHECK_FALSE(parses("18446744073709551616", {64, false}));
  CHECK(parses("18446744073709551616", {72, false}));
  const std::string top = kLowest.to_decimal();  // 2^255
  CHECK(parses(top, {256, false}));
  CHECK_FALSE(parses(top, {256, true}));
  CHECK(parses("-" + top, {256, true}));
  CHECK_FALSE(parses("-" + kMinusOne.to_decimal(), {256, true}));
}

TEST_CASE("signed numbers are two's complement words") {
  CHECK(parse_integer("-1", {16, true}).value() == kMinusOne);
  CHECK(parse_integer("-0", {16, true}).value() == Uint256(0));
  CHECK(integer_text(kMinusOne, true) == "-1");
  CHECK(integer_text(kMinusOne, false) == kMinusOne.to_decimal());
  CHECK(integer_text(kLowest, true) == "-" + kLowest.to_decimal());
  CHECK(integer_text(Uint256(12), true) == "12");
}

TEST_CASE("hexadecimal numbers may have leading zeros but need a digit") {
  CHECK(parse_integer("0x00ff", {8, false}).value() == Uint256(255));
  CHECK(parse_integer("0x0", {8, false}).value() == Uint256(0));
  CHECK(parse_integer("-0x10", {8, true}).value() == parse_integer("-16", {8, true}).value());
  for (const std::string_view text : {"0x", "0xg", "", "-", "1.5", " 1", "1e3", "+1"})
    CHECK_FALSE(parses(text, {256, true}));
}

TEST_CASE("a word that is not sign-extended is out of range") {
  CHECK_FALSE(is_in_range(Uint256::from_parts(~0ULL, ~0ULL, ~0ULL, 0x7f), {8, true}));
  CHECK(is_in_range(Uint256::from_parts(~0ULL, ~0ULL, ~0ULL, ~0ULL - 127), {8, true}));
}
