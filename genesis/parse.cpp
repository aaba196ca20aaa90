#include <boost/json/value.hpp>

#include "codec/hex.hpp"
#include "genesis/genesis.hpp"
#include "genesis/header_constants.hpp"
#include "genesis/ranges.hpp"
#include "genesis/strict_json.hpp"

namespace aitbc::genesis {
namespace {

// Reads the key into `target`, which keeps its value when the key is absent.
template <class T>
Result<void> read_optional(ObjectReader& object, std::string_view key, T& target,
                           Result<T> (ObjectReader::*read)(std::string_view)) {
  if (!object.has(key)) return {};
  AITBC_ASSIGN(target, (object.*read)(key));
  return {};
}

Result<std::uint64_t> read_block_period_ms(ObjectReader& qbft) {
  constexpr std::string_view kSeconds = "blockperiodseconds";
  constexpr std::string_view kMilliseconds = "blockPeriodMs";
  if (qbft.has(kMilliseconds)) {
    if (qbft.has(kSeconds)) return fail(qbft.wrong(kMilliseconds, "excludes blockperiodseconds"));
    return qbft.u64(kMilliseconds);
  }
  AITBC_ASSIGN(const std::uint64_t seconds, qbft.u64(kSeconds));
  std::uint64_t milliseconds = 0;
  if (__builtin_mul_overflow(seconds, std::uint64_t{1000}, &milliseconds))
    return fail(qbft.wrong(kSeconds, "is too large"));
  return milliseconds;
}

Result<QbftConfig> read_qbft(ObjectReader qbft) {
  QbftConfig config;
  AITBC_ASSIGN(config.block_period_ms, read_block_period_ms(qbft));
  AITBC_TRY(
      read_optional(qbft, "emptyblockperiodseconds", config.empty_block_period_seconds, &ObjectReader::u64));
  AITBC_TRY(read_optional(qbft, "requesttimeoutseconds", config.request_timeout_seconds, &ObjectReader::u64));
  AITBC_TRY(read_optional(qbft, "epochlength", config.epoch_length, &ObjectReader::u64));
  AITBC_TRY(qbft.finish());
  return config;
}

Result<void> read_config(ObjectReader config, Genesis& genesis) {
  ChainRules& rules = genesis.rules;
  AITBC_ASSIGN(rules.chain_id, config.u64("chainId"));
  AITBC_ASSIGN(rules.treasury, config.address("treasury"));
  AITBC_TRY(read_optional(config, "zeroBaseFee", rules.zero_base_fee, &ObjectReader::boolean));
  AITBC_TRY(read_optional(config, "minBaseFeePerGas", rules.min_base_fee, &ObjectReader::amount));
  AITBC_TRY(read_optional(config, "elasticityMultiplier", rules.elasticity, &ObjectReader::u64));
  AITBC_TRY(
      read_optional(config, "baseFeeMaxChangeDenominator", rules.base_fee_denominator, &ObjectReader::u64));
  AITBC_ASSIGN(ObjectReader qbft, config.object("qbft"));
  AITBC_ASSIGN(genesis.qbft, read_qbft(std::move(qbft)));
  return config.finish();
}

Result<void> read_alloc(ObjectReader alloc, Genesis& genesis) {
  for (const std::string& key : alloc.keys()) {
    // Besu's files write these addresses without 0x.
    const auto address = hex::parse_address(key.starts_with("0x") ? key : "0x" + key);
    if (!address) return fail(alloc.wrong(key, address.error().message));
    AITBC_ASSIGN(ObjectReader fields, alloc.object(key));
    AllocEntry entry;
    AITBC_ASSIGN(entry.balance, fields.amount("balance"));
    AITBC_TRY(read_optional(fields, "nonce", entry.nonce, &ObjectReader::u64));
    AITBC_TRY(read_optional(fields, "comment", entry.comment, &ObjectReader::text));
    AITBC_TRY(fields.finish());
    if (!genesis.alloc.emplace(*address, std::move(entry)).second)
      return fail(alloc.wrong(key, "is there twice"));
  }
  return {};
}

// Fields of the header that can have one value only, and need not be there.
Result<void> read_fixed_fields(ObjectReader& root) {
  std::uint64_t difficulty = kDifficulty;
  std::uint64_t nonce = 0;
  std::string mix_hash(kMixHash);
  AITBC_TRY(read_optional(root, "difficulty", difficulty, &ObjectReader::u64));
  AITBC_TRY(read_optional(root, "nonce", nonce, &ObjectReader::u64));
  AITBC_TRY(read_optional(root, "mixHash", mix_hash, &ObjectReader::text));
  if (difficulty != kDifficulty) return fail(root.wrong("difficulty", "must be 0x1"));
  if (nonce != 0) return fail(root.wrong("nonce", "must be 0x0"));
  if (mix_hash != kMixHash) return fail(root.wrong("mixHash", "must be QBFT's, " + std::string(kMixHash)));
  return {};
}

}  // namespace

Result<Genesis> parse_genesis(std::string_view text) {
  AITBC_ASSIGN(const boost::json::value document, parse_strict_json(text));
  AITBC_ASSIGN(ObjectReader root, ObjectReader::root(document));
  Genesis genesis;
  AITBC_ASSIGN(ObjectReader config, root.object("config"));
  AITBC_TRY(read_config(std::move(config), genesis));
  AITBC_ASSIGN(genesis.timestamp, root.u64("timestamp"));
  AITBC_ASSIGN(genesis.gas_limit, root.u64("gasLimit"));
  AITBC_ASSIGN(genesis.extra_data, root.data("extraData"));
  AITBC_TRY(read_optional(root, "baseFeePerGas", genesis.base_fee, &ObjectReader::amount));
  AITBC_TRY(read_optional(root, "coinbase", genesis.coinbase, &ObjectReader::address));
  AITBC_TRY(read_optional(root, "marketplace", genesis.marketplace, &ObjectReader::object_text));
  AITBC_TRY(read_fixed_fields(root));
  if (root.has("alloc")) {
    AITBC_ASSIGN(ObjectReader alloc, root.object("alloc"));
    AITBC_TRY(read_alloc(std::move(alloc), genesis));
  }
  AITBC_TRY(root.finish());
  AITBC_TRY(check_ranges(genesis));
  return genesis;
}

}  // namespace aitbc::genesis
