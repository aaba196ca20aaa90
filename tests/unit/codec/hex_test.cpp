#include "codec/hex.hpp"

#include <doctest/doctest.h>

using namespace aitbc;

TEST_CASE("data reads with and without prefix and in either case") {
  CHECK(hex::decode("0x00fF").value() == Bytes{0x00, 0xff});
  CHECK(hex::decode("abCD").value() == Bytes{0xab, 0xcd});
  CHECK(hex::decode("0x").value().empty());
  CHECK(hex::decode("").value().empty());
  CHECK(hex::encode_prefixed(Bytes{0x0a, 0xf0}) == "0x0af0");
  CHECK(hex::encode({}).empty());
}

TEST_CASE("odd digits and other characters are refused") {
  CHECK_FALSE(hex::decode("0x0"));
  CHECK_FALSE(hex::decode("0xzz"));
  CHECK_FALSE(hex::decode("0x 1"));
  CHECK_FALSE(hex::decode("0X00"));
  CHECK_FALSE(hex::decode(std::string_view("0\0", 2)));
}

TEST_CASE("fixed sizes are exact") {
  CHECK(hex::decode_fixed<Address>("0x" + std::string(40, '1')));
  CHECK_FALSE(hex::decode_fixed<Address>("0x" + std::string(42, '1')));
  CHECK_FALSE(hex::decode_fixed<Hash>("0x" + std::string(62, '1')));
}

TEST_CASE("quantities are minimal") {
  CHECK(hex::quantity(0) == "0x0");
  CHECK(hex::quantity(1) == "0x1");
  CHECK(hex::quantity(0x400) == "0x400");
  CHECK(hex::quantity(Uint256::from_parts(1, 0, 0, 0)) == "0x1" + std::string(48, '0'));
  CHECK(hex::parse_quantity_u64("0x0").value() == 0);
  CHECK(hex::parse_quantity_u64("0xA1").value() == 161);
  CHECK(hex::parse_quantity_u64("0xffffffffffffffff").value() == ~0ULL);
  CHECK(hex::parse_quantity("0x1" + std::string(48, '0')).value() == Uint256::from_parts(1, 0, 0, 0));
}

TEST_CASE("quantities with leading zeros, no digits or too many are refused") {
  for (const std::string_view text : {"0x", "0x00", "0x01", "1", "", "0x1g", "0x10000000000000000", "-0x1"})
    CHECK_FALSE(hex::parse_quantity_u64(text));
  CHECK_FALSE(hex::parse_quantity("0x1" + std::string(64, '0')));
}

TEST_CASE("addresses print with the EIP-55 checksum") {
  for (const std::string_view text :
       {"0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"})
    CHECK(hex::checksummed(hex::parse_address(text).value()) == text);
}

TEST_CASE("addresses read in the forms of other tools of this chain") {
  const std::string digits = "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
  const Address address = hex::parse_address("0x" + digits).value();
  CHECK(hex::parse_address("ait1" + digits).value() == address);
  CHECK(hex::parse_address("aitbc1" + digits).value() == address);
  CHECK(hex::parse_address("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED").value() == address);
}

TEST_CASE("a mistyped address is refused") {
  CHECK_FALSE(hex::parse_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"));  // case of the last letter
  CHECK_FALSE(hex::parse_address("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"));    // no prefix
  CHECK_FALSE(hex::parse_address("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae"));
  CHECK_FALSE(hex::parse_address("0x0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae"));
  CHECK_FALSE(hex::parse_address("ait10x5aeb6053f3e94c9b9a09f33669435e7ef1beae"));
  CHECK_FALSE(hex::parse_address(""));
}
