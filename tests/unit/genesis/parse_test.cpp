#include <doctest/doctest.h>

#include "codec/hex.hpp"
#include "tests/unit/genesis/sample.hpp"

using namespace aitbc;
using namespace aitbc::genesis;
using test::kSampleGenesis;
using test::sample;
using test::sample_with;

namespace {

void expect_refusal(const std::string& text, const std::string& message) {
  CAPTURE(message);
  const auto parsed = parse_genesis(text);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().code == ErrorCode::invalid_input);
  CHECK(parsed.error().message == "genesis: " + message);
}

}  // namespace

TEST_CASE("a genesis file in Besu's manner is read whole") {
  const Genesis genesis = sample();
  CHECK(genesis.rules.chain_id == 1337);
  CHECK(genesis.rules.treasury == *hex::parse_address("0x00000000000000000000000000000000000000f0"));
  CHECK(genesis.rules.min_base_fee == Amount(7));
  CHECK(genesis.qbft.block_period_ms == 2000);
  CHECK(genesis.qbft.epoch_length == 30'000);
  CHECK(genesis.timestamp == 0x58ee40ba);
  CHECK(genesis.gas_limit == 4'700'000);
  CHECK(genesis.base_fee == Amount(1'000'000'000));
  CHECK(genesis.marketplace == R"({"minStake":"100","deep":{"list":[1,{"a":null}]}})");
  REQUIRE(genesis.alloc.size() == 2);
  const auto operator_address = *hex::parse_address("0xfe3b557e8fb62b89f4916b721be55ceb828dbd73");
  CHECK(genesis.alloc.at(operator_address) == AllocEntry{Amount::ait(200), 0, "an operator"});
  const auto other = *hex::parse_address("0x627306090abaB3A6e1400e9345bC60c78a8BEf57");
  CHECK(genesis.alloc.at(other) == AllocEntry{Amount::ait(90'000), 3, ""});
  CHECK(*decode_validators(genesis.extra_data) == std::vector{operator_address});
}

TEST_CASE("what may be left out has defaults") {
  const auto genesis = parse_genesis(R"({"config": {"chainId": 1, "zeroBaseFee": true,
      "treasury": "0x00000000000000000000000000000000000000f0", "qbft": {"blockPeriodMs": 250}},
      "timestamp": 0, "gasLimit": 30000000, "extraData": "0x"})");
  REQUIRE(genesis.has_value());
  CHECK(genesis->qbft == QbftConfig{250, 60, 4, 30'000});
  CHECK(genesis->rules.elasticity == 2);
  CHECK(genesis->rules.base_fee_denominator == 8);
  CHECK(genesis->base_fee.is_zero());
  CHECK(genesis->coinbase.is_zero());
  CHECK(genesis->marketplace == "{}");
  CHECK(genesis->alloc.empty());
}

TEST_CASE("a rendered genesis reads as the same genesis, and renders the same again") {
  for (const std::string& text :
       {kSampleGenesis, sample_with("\"blockperiodseconds\": 2", "\"blockPeriodMs\": 250"),
        std::string(devnet_json())}) {
    const auto first = parse_genesis(text);
    REQUIRE(first.has_value());
    const std::string rendered = render_genesis(*first);
    const auto second = parse_genesis(rendered);
    REQUIRE_MESSAGE(second.has_value(), (second ? "" : second.error().message));
    CHECK(render_genesis(*second) == rendered);
    CHECK(second->qbft == first->qbft);
    CHECK(second->alloc == first->alloc);
    CHECK(second->marketplace == first->marketplace);
    CHECK(second->timestamp == first->timestamp);
    CHECK(second->gas_limit == first->gas_limit);
    CHECK(second->base_fee == first->base_fee);
    CHECK(second->extra_data == first->extra_data);
    CHECK(second->rules.chain_id == first->rules.chain_id);
    CHECK(second->rules.treasury == first->rules.treasury);
  }
}

TEST_CASE("the file of the devnet is as the program would write it") {
  const auto genesis = parse_genesis(devnet_json());
  REQUIRE_MESSAGE(genesis.has_value(), (genesis ? "" : genesis.error().message));
  CHECK(render_genesis(*genesis) == devnet_json());
  CHECK(genesis->rules.chain_id == 661'436);
  CHECK(genesis->timestamp == 1'766'828'620);
  CHECK(genesis->gas_limit == 1'000'000'000);
  CHECK(genesis->alloc.size() == 11);
  const auto first_account = *hex::parse_address("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
  CHECK(genesis->alloc.at(first_account).balance == Amount::ait(1'000'000));
}

TEST_CASE("unknown keys are refused by name, wherever they are") {
  expect_refusal(sample_with("\"timestamp\"", "\"timestmp\": 1, \"timestamp\""),
                 "timestmp: is not a known key");
  expect_refusal(sample_with("\"chainId\"", "\"londonBlock\": 0, \"chainId\""),
                 "config.londonBlock: is not a known key");
  expect_refusal(sample_with("\"epochlength\"", "\"epochLength\": 1, \"epochlength\""),
                 "config.qbft.epochLength: is not a known key");
  expect_refusal(sample_with("\"nonce\": 3", "\"code\": \"0x00\""),
                 "alloc.0x627306090abaB3A6e1400e9345bC60c78a8BEf57.code: is not a known key");
}

TEST_CASE("a key that is there twice is refused by name, wherever it is") {
  expect_refusal(sample_with("\"gasLimit\"", "\"timestamp\": 2, \"gasLimit\""), "timestamp: is there twice");
  expect_refusal(sample_with("\"epochlength\"", "\"blockperiodseconds\": 3, \"epochlength\""),
                 "config.qbft.blockperiodseconds: is there twice");
  expect_refusal(sample_with("\"a\": null", "\"a\": 1, \"a\": 2"), "marketplace.deep.list.a: is there twice");
  expect_refusal(sample_with("\"gasLimit\"", "\"time\\u0073tamp\": 2, \"gasLimit\""),
                 "timestamp: is there twice");
  expect_refusal(
      sample_with("0x627306090abaB3A6e1400e9345bC60c78a8BEf57", "0xfe3b557e8fb62b89f4916b721be55ceb828dbd73"),
      "alloc.0xfe3b557e8fb62b89f4916b721be55ceb828dbd73: is there twice");
}

TEST_CASE("missing keys are named") {
  expect_refusal(sample_with("\"chainId\": 1337,", ""), "config.chainId: is missing");
  expect_refusal(sample_with("\"treasury\": \"0x00000000000000000000000000000000000000f0\",", ""),
                 "config.treasury: is missing");
  expect_refusal(sample_with("\"blockperiodseconds\": 2,", ""), "config.qbft.blockperiodseconds: is missing");
  expect_refusal(sample_with("\"timestamp\": \"0x58ee40ba\",", ""), "timestamp: is missing");
  expect_refusal(sample_with("\"balance\": \"90000000000000000000000\", ", ""),
                 "alloc.0x627306090abaB3A6e1400e9345bC60c78a8BEf57.balance: is missing");
  expect_refusal("{}", "config: is missing");
}

TEST_CASE("values of the wrong type are named with what was expected") {
  expect_refusal(sample_with("1337", "true"), "config.chainId: expected an integer, got a boolean");
  expect_refusal(sample_with("1337", "1337.5"), "config.chainId: is not a 64-bit integer");
  expect_refusal(sample_with("1337", "-1"), "config.chainId: is negative");
  expect_refusal(sample_with("1337", "18446744073709551616"), "config.chainId: is not a 64-bit integer");
  expect_refusal(sample_with("1337", "\"18446744073709551616\""),
                 "config.chainId: not an integer below 2^64");
  expect_refusal(sample_with("\"zeroBaseFee\": false", "\"zeroBaseFee\": 0"),
                 "config.zeroBaseFee: expected true or false, got an integer");
  expect_refusal(sample_with("\"90000000000000000000000\"", "90000"),
                 "alloc.0x627306090abaB3A6e1400e9345bC60c78a8BEf57.balance: expected a string of base units, "
                 "got an integer");
  expect_refusal(sample_with("\"90000000000000000000000\"", "\"9e22\""),
                 "alloc.0x627306090abaB3A6e1400e9345bC60c78a8BEf57.balance: not a decimal amount: '9e22'");
  expect_refusal(sample_with("\"90000000000000000000000\"", "\"0x1" + std::string(32, '0') + "\""),
                 "alloc.0x627306090abaB3A6e1400e9345bC60c78a8BEf57.balance: the amount is larger than 2^128 "
                 "- 1 base units");
  expect_refusal(sample_with("{\"minStake\": \"100\", \"deep\": {\"list\": [1, {\"a\": null}]}}", "[]"),
                 "marketplace: expected an object, got an array");
  expect_refusal(sample_with("\"comment\": \"an operator\"", "\"comment\": null"),
                 "alloc.fe3b557e8fb62b89f4916b721be55ceb828dbd73.comment: expected a string, got null");
  expect_refusal("[]", "expected an object, got an array");
}

TEST_CASE("there are no fractions anywhere, not even in what the modules read") {
  expect_refusal(sample_with("[1, {", "[1.5, {"), "marketplace.deep.list: is not a 64-bit integer");
  expect_refusal(sample_with("[1, {", "[1e400, {"), "marketplace.deep.list: is not a 64-bit integer");
  expect_refusal(sample_with("[1, {", "[1.0, {"), "marketplace.deep.list: is not a 64-bit integer");
}

TEST_CASE("malformed addresses and data are named") {
  const auto starts_with = [](const std::string& text, const std::string& message) {
    CAPTURE(message);
    const auto parsed = parse_genesis(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().message.starts_with("genesis: " + message));
  };
  starts_with(
      sample_with("0x627306090abaB3A6e1400e9345bC60c78a8BEf57", "0x627306090abab3A6e1400e9345bC60c78a8BEf57"),
      "alloc.0x627306090abab3A6e1400e9345bC60c78a8BEf57: ");
  starts_with(sample_with("0x627306090abaB3A6e1400e9345bC60c78a8BEf57", "miner"), "alloc.miner: ");
  starts_with(sample_with("0x00000000000000000000000000000000000000f0", "0xf0"), "config.treasury: ");
  starts_with(sample_with("\"0xf83aa0", "\"0xzz"), "extraData: ");
  starts_with(sample_with("\"0xf83aa0", "\"f83aa0"), "extraData: expected 0x and hexadecimal digits");
  starts_with(sample_with("0x58ee40ba", "0x058ee40ba"), "timestamp: ");
}

TEST_CASE("fields that can have one value only are refused with that value") {
  expect_refusal(sample_with("\"difficulty\": \"0x1\"", "\"difficulty\": \"0x2\""),
                 "difficulty: must be 0x1");
  expect_refusal(sample_with("\"nonce\": \"0x0\"", "\"nonce\": \"0x42\""), "nonce: must be 0x0");
  expect_refusal(sample_with("20746f6c6572616e6365", "20746f6c6572616e6366"),
                 "mixHash: must be QBFT's, "
                 "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365");
}

TEST_CASE("values out of range are named with the range") {
  expect_refusal(sample_with("1337", "0"), "config.chainId: 0 is not between 1 and 18446744073709551615");
  expect_refusal(sample_with("\"0x47b760\"", "20999"),
                 "gasLimit: 20999 is not between 21000 and 9223372036854775807");
  expect_refusal(sample_with("\"blockperiodseconds\": 2", "\"blockPeriodMs\": 0"),
                 "config.qbft block period in ms: 0 is not between 1 and 86400000");
  expect_refusal(sample_with("\"blockperiodseconds\": 2", "\"blockperiodseconds\": 18446744073709551615"),
                 "config.qbft.blockperiodseconds: is too large");
  expect_refusal(sample_with("\"blockperiodseconds\": 2", "\"blockperiodseconds\": 2, \"blockPeriodMs\": 2"),
                 "config.qbft.blockPeriodMs: excludes blockperiodseconds");
  expect_refusal(sample_with("\"epochlength\": 30000", "\"epochlength\": 0"),
                 "config.qbft.epochlength: 0 is not between 1 and 18446744073709551615");
  expect_refusal(sample_with("\"nonce\": 3", "\"nonce\": 18446744073709551615"),
                 "alloc: a nonce: 18446744073709551615 is not between 0 and 18446744073709551614");
  expect_refusal(sample_with("\"elasticityMultiplier\": 2", "\"elasticityMultiplier\": 0"),
                 "config.elasticityMultiplier: 0 is not between 1 and 1000");
  expect_refusal(sample_with("0x3b9aca00", "0x6"), "baseFeePerGas: is below config.minBaseFeePerGas (7)");
  expect_refusal(sample_with("\"zeroBaseFee\": false", "\"zeroBaseFee\": true"),
                 "baseFeePerGas: must be 0 under config.zeroBaseFee");
  expect_refusal(sample_with("\"90000000000000000000000\"", "\"340282366920938463463374607431768211455\""),
                 "alloc: the balances add up to more than 2^127 - 1");
}

TEST_CASE("text that is not one JSON document is refused with the line") {
  expect_refusal("", "line 1: incomplete JSON");
  expect_refusal("{\n\n oops", "line 3: syntax error");
  expect_refusal(kSampleGenesis + "\n{}", "line 30: extra data");
  expect_refusal(std::string(100, '['), "line 1: too deep");
}
