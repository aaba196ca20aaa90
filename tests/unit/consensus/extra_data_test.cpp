#include "consensus/qbft/extra_data.hpp"

#include <doctest/doctest.h>

#include "codec/hex.hpp"
#include "tests/unit/consensus/fixtures.hpp"

using namespace aitbc;
using namespace aitbc::qbft;
using test::address;

namespace {

ExtraData sample() {
  ExtraData extra;
  extra.validators = {address(1), address(2)};
  extra.vote = Vote{address(3), true};
  extra.round = 5;
  extra.seals.emplace_back();
  extra.seals[0].r[31] = 1;
  extra.seals[0].s[31] = 2;
  return extra;
}

}  // namespace

TEST_CASE("extra data with everything in it survives encoding and decoding") {
  const ExtraData extra = sample();
  CHECK(*decode_extra_data(encode(extra)) == extra);
}

TEST_CASE("a vote to add is 81ff on the wire, one to drop is 80, and none is an empty list") {
  ExtraData extra = sample();
  const std::string subject = "94" + hex::encode(address(3));
  CHECK(hex::encode(encode(extra)).find(subject + "81ff" + "05") != std::string::npos);
  extra.vote->add = false;
  CHECK(hex::encode(encode(extra)).find(subject + "80" + "05") != std::string::npos);
  CHECK_FALSE(decode_extra_data(encode(extra))->vote->add);
  extra.vote.reset();
  CHECK(hex::encode(encode(extra)).find(hex::encode(address(2)) + "c0" + "05") != std::string::npos);
}

TEST_CASE("the extra data of a genesis block is that of Besu's tools: sorted validators, round 0, no seals") {
  const std::string expected = "f84fa0" + std::string(64, '0') + "ea94" + hex::encode(address(1)) + "94" +
                               hex::encode(address(2)) + "c080c0";
  CHECK(hex::encode(genesis_extra_data({address(2), address(1)})) == expected);
}

TEST_CASE("extra data in any form but the canonical one is refused") {
  const Bytes good = encode(sample());
  SUBCASE("trailing bytes") {
    Bytes bytes = good;
    bytes.push_back(0);
    CHECK_FALSE(decode_extra_data(bytes));
  }
  SUBCASE("every truncation") {
    for (std::size_t size = 0; size < good.size(); ++size)
      CHECK_FALSE(decode_extra_data(ByteView(good).first(size)));
  }
  SUBCASE("unordered, repeated or missing validators") {
    ExtraData extra = sample();
    extra.validators = {address(2), address(1)};
    CHECK_FALSE(decode_extra_data(encode(extra)));
    extra.validators = {address(1), address(1)};
    CHECK_FALSE(decode_extra_data(encode(extra)));
    extra.validators.clear();
    CHECK_FALSE(decode_extra_data(encode(extra)));
  }
  SUBCASE("a round that no timer reaches") {
    ExtraData extra = sample();
    extra.round = kMaxRound + 1;
    CHECK_FALSE(decode_extra_data(encode(extra)));
  }
}
