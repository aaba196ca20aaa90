#include "execution/chain_record.hpp"
#include "genesis/genesis.hpp"
#include "genesis/ranges.hpp"

namespace aitbc::genesis {
namespace {

constexpr Gas kMinGasLimit = 21'000;                 // room for one transfer
constexpr Gas kMaxGasLimit = (Gas{1} << 63) - 1;     // go-ethereum's bound
constexpr std::uint64_t kMaxPeriodSeconds = 86'400;  // of anything that waits
constexpr Nonce kMaxNonce = ~Nonce{0} - 1;           // EIP-2681: the next one must still be usable

struct Bound {
  const char* key;
  std::uint64_t value;
  std::uint64_t least;
  std::uint64_t most;
};

Result<void> check_bound(const Bound& bound) {
  if (bound.value >= bound.least && bound.value <= bound.most) return {};
  return fail(ErrorCode::invalid_input,
              std::string("genesis: ") + bound.key + ": " + std::to_string(bound.value) + " is not between " +
                  std::to_string(bound.least) + " and " + std::to_string(bound.most));
}

Result<void> check_base_fee(const Genesis& genesis) {
  if (genesis.rules.zero_base_fee) {
    if (genesis.base_fee.is_zero()) return {};
    return fail(ErrorCode::invalid_input, "genesis: baseFeePerGas: must be 0 under config.zeroBaseFee");
  }
  if (genesis.base_fee >= genesis.rules.min_base_fee) return {};
  return fail(ErrorCode::invalid_input, "genesis: baseFeePerGas: is below config.minBaseFeePerGas (" +
                                            to_units_string(genesis.rules.min_base_fee) + ")");
}

Result<void> check_alloc(const Genesis& genesis) {
  Amount supply;
  for (const auto& [address, entry] : genesis.alloc) {
    AITBC_TRY(check_bound({"alloc: a nonce", entry.nonce, 0, kMaxNonce}));
    const auto sum = checked_add(supply, entry.balance);
    if (!sum || *sum > kMostInGenesis)
      return fail(ErrorCode::invalid_input, "genesis: alloc: the balances add up to more than 2^127 - 1");
    supply = *sum;
  }
  return {};
}

}  // namespace

Result<void> check_ranges(const Genesis& genesis) {
  constexpr std::uint64_t kAny = ~std::uint64_t{0};
  const ChainRules& rules = genesis.rules;
  const QbftConfig& qbft = genesis.qbft;
  const Bound bounds[] = {
      {"config.chainId", rules.chain_id, 1, kAny},
      {"config.elasticityMultiplier", rules.elasticity, 1, 1'000},
      {"config.baseFeeMaxChangeDenominator", rules.base_fee_denominator, 1, 1'000'000},
      {"config.qbft block period in ms", qbft.block_period_ms, 1, kMaxPeriodSeconds * 1000},
      {"config.qbft.emptyblockperiodseconds", qbft.empty_block_period_seconds, 0, kMaxPeriodSeconds},
      {"config.qbft.requesttimeoutseconds", qbft.request_timeout_seconds, 1, kMaxPeriodSeconds},
      {"config.qbft.epochlength", qbft.epoch_length, 1, kAny},
      {"gasLimit", genesis.gas_limit, kMinGasLimit, kMaxGasLimit},
  };
  for (const Bound& bound : bounds) AITBC_TRY(check_bound(bound));
  AITBC_TRY(check_base_fee(genesis));
  return check_alloc(genesis);
}

Result<void> validate(const Genesis& genesis) {
  AITBC_TRY(check_ranges(genesis));
  AITBC_ASSIGN(const auto validators, decode_validators(genesis.extra_data));
  if (validators.empty()) return fail(ErrorCode::invalid_input, "genesis: extraData: names no validators");
  return {};
}

}  // namespace aitbc::genesis
