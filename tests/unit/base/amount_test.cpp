#include "base/amount.hpp"

#include <doctest/doctest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <random>

using namespace aitbc;
using boost::multiprecision::cpp_int;

namespace {

const cpp_int kLimit = cpp_int(1) << 128;

cpp_int reference(uint128 value) {
  return (cpp_int(static_cast<std::uint64_t>(value >> 64)) << 64) + static_cast<std::uint64_t>(value);
}

uint128 random_units(std::mt19937_64& random) {
  const uint128 wide = uint128{random()} << 64 | random();
  return random() % 8 == 0 ? ~uint128{0} : wide >> static_cast<int>(random() % 128);
}

void check_division(const std::optional<Amount>& actual, const cpp_int& expected) {
  REQUIRE(actual.has_value() == (expected < kLimit));
  if (actual) REQUIRE(reference(actual->units()) == expected);
}

}  // namespace

TEST_CASE("adding, subtracting and multiplying money is exact or refused") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const Amount a = Amount::from_units(random_units(random));
    const Amount b = Amount::from_units(random_units(random));
    const std::uint64_t factor = random() >> random() % 64;
    check_division(checked_add(a, b), reference(a.units()) + reference(b.units()));
    check_division(checked_mul(a, factor), reference(a.units()) * factor);
    REQUIRE(checked_sub(a, b).has_value() == (a >= b));
    if (a >= b) REQUIRE(checked_add(*checked_sub(a, b), b) == a);
  }
}

TEST_CASE("a share of an amount is rounded as its name says, with a product of 256 bits") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20'000; ++i) {
    const Amount a = Amount::from_units(random_units(random));
    const uint128 numerator = random_units(random);
    const uint128 denominator = random_units(random) | 1;
    const cpp_int product = reference(a.units()) * reference(numerator);
    const cpp_int divisor = reference(denominator);
    check_division(mul_div_floor(a, numerator, denominator), product / divisor);
    check_division(mul_div_ceil(a, numerator, denominator), (product + divisor - 1) / divisor);
  }
}

TEST_CASE("a share with a zero denominator does not exist") {
  CHECK_FALSE(mul_div_floor(Amount(1), 1, 0).has_value());
  CHECK_FALSE(mul_div_ceil(Amount(0), 0, 0).has_value());
  CHECK_FALSE(mul_div_ceil(Amount::max(), 3, 2).has_value());
  CHECK(mul_div_floor(Amount(7), 1, 2) == Amount(3));
  CHECK(mul_div_ceil(Amount(7), 1, 2) == Amount(4));
}

TEST_CASE("amounts in AIT print exactly and read back") {
  CHECK(to_ait_string(Amount()) == "0");
  CHECK(to_ait_string(Amount(1)) == "0.000000000000000001");
  CHECK(to_ait_string(Amount::ait(1)) == "1");
  CHECK(to_ait_string(Amount(1'500'000'000'000'000'000)) == "1.5");
  CHECK(to_ait_string(Amount::max()) == "340282366920938463463.374607431768211455");
  std::mt19937_64 random(3);
  for (int i = 0; i < 2'000; ++i) {
    const Amount amount = Amount::from_units(random_units(random));
    REQUIRE(parse_ait(to_ait_string(amount)).value() == amount);
    REQUIRE(parse_units(to_units_string(amount)).value() == amount);
  }
}

TEST_CASE("text that is no amount is refused with a message") {
  for (const char* text :
       {"", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "1.2.3", " 1", "0x1", "1.5 ", "NaN"}) {
    CAPTURE(text);
    const auto parsed = parse_ait(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == ErrorCode::invalid_input);
    CHECK_FALSE(parsed.error().message.empty());
  }
  CHECK_FALSE(parse_ait("0.0000000000000000001").has_value());
  CHECK(parse_ait("340282366920938463463.374607431768211455").value() == Amount::max());
  CHECK_FALSE(parse_ait("340282366920938463463.374607431768211456").has_value());
  CHECK_FALSE(parse_units("340282366920938463463374607431768211456").has_value());
  CHECK_FALSE(parse_units("").has_value());
}

TEST_CASE("a wire value is an amount only below 2^128") {
  CHECK(to_amount(Uint256::from_parts(0, 0, ~0ULL, ~0ULL)) == Amount::max());
  CHECK(Amount::max().to_uint256() == Uint256::from_parts(0, 0, ~0ULL, ~0ULL));
  CHECK_FALSE(to_amount(Uint256::from_parts(0, 1, 0, 0)).has_value());
  CHECK_FALSE(to_amount(Uint256::from_parts(1, 0, 0, 0)).has_value());
}
