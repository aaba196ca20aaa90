// A complete genesis file, to be changed by one text at a time.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "genesis/genesis.hpp"

namespace aitbc::test {

inline const std::string kSampleGenesis = R"({
  "config": {
    "chainId": 1337,
    "treasury": "0x00000000000000000000000000000000000000f0",
    "zeroBaseFee": false,
    "minBaseFeePerGas": "7",
    "elasticityMultiplier": 2,
    "baseFeeMaxChangeDenominator": 8,
    "qbft": {
      "blockperiodseconds": 2,
      "emptyblockperiodseconds": 60,
      "requesttimeoutseconds": 4,
      "epochlength": 30000
    }
  },
  "timestamp": "0x58ee40ba",
  "gasLimit": "0x47b760",
  "baseFeePerGas": "0x3b9aca00",
  "difficulty": "0x1",
  "nonce": "0x0",
  "mixHash": "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365",
  "coinbase": "0x0000000000000000000000000000000000000000",
  "extraData": "0xf83aa00000000000000000000000000000000000000000000000000000000000000000d594fe3b557e8fb62b89f4916b721be55ceb828dbd73c080c0",
  "marketplace": {"minStake": "100", "deep": {"list": [1, {"a": null}]}},
  "alloc": {
    "fe3b557e8fb62b89f4916b721be55ceb828dbd73": {"comment": "an operator", "balance": "0xad78ebc5ac6200000"},
    "0x627306090abaB3A6e1400e9345bC60c78a8BEf57": {"balance": "90000000000000000000000", "nonce": 3}
  }
})";

// The sample with its one occurrence of `from` replaced.
inline std::string sample_with(const std::string& from, const std::string& to) {
  std::string text = kSampleGenesis;
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  REQUIRE_MESSAGE(text.find(from, at + 1) == std::string::npos, from);
  return text.replace(at, from.size(), to);
}

inline genesis::Genesis sample() {
  auto parsed = genesis::parse_genesis(kSampleGenesis);
  REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error().message));
  return std::move(*parsed);
}

}  // namespace aitbc::test
