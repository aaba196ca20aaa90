#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "codec/hex.hpp"
#include "genesis/genesis.hpp"
#include "genesis/header_constants.hpp"

namespace aitbc::genesis {
namespace {

namespace json = boost::json;

// Two spaces a level, members one to a line.
void print(std::string& out, const json::value& value, std::size_t indent) {
  if (!value.is_object() || value.get_object().empty()) {
    out += json::serialize(value);
    return;
  }
  const std::string margin(indent + 2, ' ');
  const char* separator = "{\n";
  for (const auto& member : value.get_object()) {
    out += separator + margin + json::serialize(member.key()) + ": ";
    print(out, member.value(), indent + 2);
    separator = ",\n";
  }
  out += "\n" + std::string(indent, ' ') + "}";
}

json::object qbft_json(const QbftConfig& qbft) {
  json::object out;
  if (qbft.block_period_ms % 1000 == 0) {
    out["blockperiodseconds"] = qbft.block_period_ms / 1000;
  } else {
    out["blockPeriodMs"] = qbft.block_period_ms;
  }
  out["emptyblockperiodseconds"] = qbft.empty_block_period_seconds;
  out["requesttimeoutseconds"] = qbft.request_timeout_seconds;
  out["epochlength"] = qbft.epoch_length;
  return out;
}

json::object config_json(const Genesis& genesis) {
  const ChainRules& rules = genesis.rules;
  json::object out;
  out["chainId"] = rules.chain_id;
  out["treasury"] = hex::checksummed(rules.treasury);
  out["zeroBaseFee"] = rules.zero_base_fee;
  out["minBaseFeePerGas"] = to_units_string(rules.min_base_fee);
  out["elasticityMultiplier"] = rules.elasticity;
  out["baseFeeMaxChangeDenominator"] = rules.base_fee_denominator;
  out["qbft"] = qbft_json(genesis.qbft);
  return out;
}

json::object alloc_json(const Genesis& genesis) {
  json::object out;
  for (const auto& [address, entry] : genesis.alloc) {
    json::object fields;
    if (!entry.comment.empty()) fields["comment"] = entry.comment;
    fields["balance"] = to_units_string(entry.balance);
    if (entry.nonce != 0) fields["nonce"] = entry.nonce;
    out[hex::checksummed(address)] = std::move(fields);
  }
  return out;
}

}  // namespace

std::string render_genesis(const Genesis& genesis) {
  json::object out;
  out["config"] = config_json(genesis);
  out["timestamp"] = genesis.timestamp;
  out["gasLimit"] = genesis.gas_limit;
  out["baseFeePerGas"] = to_units_string(genesis.base_fee);
  out["difficulty"] = hex::quantity(kDifficulty);
  out["nonce"] = hex::quantity(std::uint64_t{0});
  out["mixHash"] = kMixHash;
  out["coinbase"] = hex::checksummed(genesis.coinbase);
  out["extraData"] = hex::encode_prefixed(genesis.extra_data);
  out["marketplace"] = json::parse(genesis.marketplace);
  out["alloc"] = alloc_json(genesis);
  std::string text;
  print(text, out, 0);
  return text + "\n";
}

}  // namespace aitbc::genesis
