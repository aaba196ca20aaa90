#include "base/uint256.hpp"

#include <doctest/doctest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <random>

using namespace aitbc;
using boost::multiprecision::cpp_int;

namespace {

const cpp_int kLimit = cpp_int(1) << 256;

cpp_int reference(const Uint256& value) {
  cpp_int out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = (out << 64) + value.limb(i);
  return out;
}

// Values of all widths, with runs of zeros and ones, where carries go wrong.
Uint256 random_value(std::mt19937_64& random) {
  std::uint64_t limbs[4];
  for (std::uint64_t& limb : limbs) {
    const std::uint64_t kind = random() % 4;
    limb = kind == 0 ? 0 : kind == 1 ? ~std::uint64_t{0} : random() >> random() % 64;
  }
  return Uint256::from_parts(limbs[0], limbs[1], limbs[2], limbs[3]);
}

const Uint256 kMax = Uint256::from_parts(~0ULL, ~0ULL, ~0ULL, ~0ULL);

}  // namespace

TEST_CASE("sums and products are exact or refused, never wrapped") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const Uint256 a = random_value(random);
    const Uint256 b = random_value(random);
    const std::uint64_t factor = random() >> random() % 64;
    const cpp_int sum = reference(a) + reference(b);
    const cpp_int product = reference(a) * factor;
    const auto actual_sum = Uint256::checked_add(a, b);
    const auto actual_product = Uint256::checked_mul(a, factor);
    REQUIRE(actual_sum.has_value() == (sum < kLimit));
    REQUIRE(actual_product.has_value() == (product < kLimit));
    if (actual_sum) REQUIRE(reference(*actual_sum) == sum);
    if (actual_product) REQUIRE(reference(*actual_product) == product);
    REQUIRE((a < b) == (reference(a) < reference(b)));
  }
}

TEST_CASE("decimal text round-trips at every width") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 2'000; ++i) {
    const Uint256 value = random_value(random);
    REQUIRE(value.to_decimal() == reference(value).str());
    REQUIRE(Uint256::from_decimal(value.to_decimal()) == value);
  }
  CHECK(Uint256{}.to_decimal() == "0");
  for (const char* zeros_inside :
       {"10000000000000000000", "100000000000000000000000000000000000000",
        "100000000000000000000000000000000000001", "9999999999999999999",
        "70000000000000000000000000000000000000000000000000000000000000000000000000000"})
    CHECK(Uint256::from_decimal(zeros_inside)->to_decimal() == zeros_inside);
  CHECK(Uint256::from_decimal("007") == Uint256(7));
}

TEST_CASE("text that is no decimal number below 2^256 is refused") {
  for (const char* text : {"", " 1", "1 ", "-1", "+1", "1.0", "0x10", "1e3"})
    CHECK_FALSE(Uint256::from_decimal(text).has_value());
  const std::string largest = kMax.to_decimal();
  CHECK(Uint256::from_decimal(largest) == kMax);
  CHECK_FALSE(Uint256::from_decimal(cpp_int(kLimit).str()).has_value());
  CHECK_FALSE(Uint256::from_decimal(largest + "0").has_value());
}

TEST_CASE("big-endian bytes round-trip and short ones are zero-extended") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 1'000; ++i) {
    const Uint256 value = random_value(random);
    const auto bytes = value.to_be();
    REQUIRE(Uint256::from_be(bytes) == value);
    REQUIRE(Uint256::from_be(ByteView(bytes).last(value.byte_length())) == value);
    const bool minimal = value.is_zero() || bytes[32 - value.byte_length()] != 0;
    REQUIRE(minimal);
  }
  CHECK(Uint256::from_be({}) == Uint256{});
  CHECK(Uint256{}.byte_length() == 0);
  CHECK(Uint256(1).byte_length() == 1);
  CHECK(Uint256(256).byte_length() == 2);
  CHECK(kMax.byte_length() == 32);
}

TEST_CASE("only values below 2^64 fit a u64") {
  CHECK(Uint256(~0ULL).fits_u64());
  CHECK(Uint256(~0ULL).low_u64() == ~0ULL);
  CHECK_FALSE(Uint256::from_parts(0, 0, 1, 0).fits_u64());
  CHECK_FALSE(Uint256::from_parts(1, 0, 0, 0).fits_u64());
}
