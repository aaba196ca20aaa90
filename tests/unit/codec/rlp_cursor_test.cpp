#include "codec/rlp_cursor.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace aitbc;

namespace {

// Short inputs in which every form, well and badly made, is frequent.
Bytes any_input(std::mt19937_64& random) {
  constexpr std::uint8_t kFirst[] = {0x00, 0x7f, 0x80, 0x81, 0x82, 0x88, 0x90, 0xb7, 0xb8,
                                     0xb9, 0xbf, 0xc0, 0xc1, 0xc2, 0xf7, 0xf8, 0xf9, 0xff};
  Bytes out(random() % 70);
  for (auto& byte : out) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() % 2 : random());
  if (!out.empty()) out[0] = kFirst[random() % std::size(kFirst)];
  if (out.size() > 1 && random() % 2 == 0) out[1] = static_cast<std::uint8_t>(random() % 64);
  return out;
}

}  // namespace

TEST_CASE("a cursor reads numbers of every length, with and without more behind them") {
  const auto check = [](Amount value, std::size_t behind) {
    CAPTURE(behind);
    rlp::Encoder out;
    out.amount(value);
    for (std::size_t i = 0; i < behind; ++i) out.u64(0x7f);
    const Bytes input = out.take();
    Amount amount;
    REQUIRE(rlp::Cursor(input).amount(amount));
    CHECK(amount == value);
    std::uint64_t number = 0;
    const bool fits = value.units() >> 64 == 0;
    REQUIRE(rlp::Cursor(input).u64(number) == fits);
    if (fits) CHECK(number == static_cast<std::uint64_t>(value.units()));
  };
  for (int bits = 0; bits <= 128; ++bits) {
    // The least and the greatest with so many bits, and one between them.
    const uint128 least = bits == 0 ? uint128{0} : uint128{1} << (bits - 1);
    const uint128 greatest = bits == 0 ? uint128{0} : least | (least - 1);
    for (const uint128 value : {least, greatest, least | (greatest / 0xff * 0x5a & greatest)})
      for (const std::size_t behind : {0U, 1U, 7U, 8U, 20U}) check(Amount::from_units(value), behind);
  }
}

TEST_CASE("a cursor accepts what a decoder accepts, and reads the same") {
  std::mt19937_64 random(1);
  std::size_t accepted = 0;
  for (int i = 0; i < 50'000; ++i) {
    const Bytes input = any_input(random);
    ByteView bytes;
    const auto expected_bytes = rlp::Decoder(input).bytes();
    REQUIRE(rlp::Cursor(input).bytes(bytes) == expected_bytes.has_value());
    if (expected_bytes) CHECK(equal(bytes, *expected_bytes));
    accepted += expected_bytes.has_value();

    std::uint64_t number = 0;
    const auto expected_number = rlp::Decoder(input).u64();
    REQUIRE(rlp::Cursor(input).u64(number) == expected_number.has_value());
    if (expected_number) CHECK(number == *expected_number);

    Amount amount;
    const auto expected_amount = rlp::Decoder(input).amount();
    REQUIRE(rlp::Cursor(input).amount(amount) == expected_amount.has_value());
    if (expected_amount) CHECK(amount == *expected_amount);

    rlp::Cursor items({});
    REQUIRE(rlp::Cursor(input).list(items) == rlp::Decoder(input).list().has_value());
  }
  CHECK(accepted > 10'000);
}
