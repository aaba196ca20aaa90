#include <doctest/doctest.h>

#include "codec/hex.hpp"
#include "genesis/genesis.hpp"
#include "tests/support/map_state_view.hpp"

using namespace aitbc;
using namespace aitbc::genesis;
using test::address_of;

namespace {

const std::string kVanity = "a0" + std::string(64, '0');
const std::string kOne = "94" + std::string(38, '0') + "01";
const std::string kTwo = "94" + std::string(38, '0') + "02";

std::string refusal(const std::string& digits) {
  const auto validators = decode_validators(*hex::decode(digits));
  REQUIRE_FALSE(validators.has_value());
  return validators.error().message;
}

}  // namespace

TEST_CASE("extra data has vanity, ascending validators, no vote, round 0 and no seals") {
  const Address given[] = {address_of(2), address_of(1)};
  const Bytes extra_data = encode_extra_data(given);
  CHECK(hex::encode(extra_data) == "f84f" + kVanity + "ea" + kOne + kTwo + "c080c0");
  CHECK(*decode_validators(extra_data) == std::vector{address_of(1), address_of(2)});
}

TEST_CASE("many validators survive the encoding") {
  std::vector<Address> many;
  for (std::uint8_t i = 0; i < 200; ++i) many.push_back(address_of(i));
  CHECK(*decode_validators(encode_extra_data(many)) == many);
  CHECK(decode_validators(encode_extra_data({}))->empty());
}

TEST_CASE("extra data of another form is refused") {
  CHECK(refusal("").starts_with("genesis: extraData: "));
  CHECK(refusal("f84f" + kVanity + "ea" + kTwo + kOne + "c080c0") ==
        "genesis: extraData: the validators are not in strictly ascending order");
  CHECK(refusal("f84f" + kVanity + "ea" + kOne + kOne + "c080c0") ==
        "genesis: extraData: the validators are not in strictly ascending order");
  CHECK(refusal("f83a" + kVanity + "d5" + kOne + "c001c0") ==
        "genesis: extraData: a genesis block has no vote, round or seals");
  CHECK(refusal("f83b" + kVanity + "d5" + kOne + "c180" + "80c0") ==
        "genesis: extraData: a genesis block has no vote, round or seals");
  CHECK(refusal("f83b" + kVanity + "d5" + kOne + "c080" + "c180") ==
        "genesis: extraData: a genesis block has no vote, round or seals");
  CHECK(refusal("da01d5" + kOne + "c080c0") == "genesis: extraData: the vanity is not 32 bytes");
  CHECK(refusal("f83a" + kVanity + "d5" + kOne + "c080c000").starts_with("genesis: extraData: "));
  CHECK(refusal("f83b" + kVanity + "d5" + kOne + "c080c001").starts_with("genesis: extraData: "));
}
