#include "mempool/entry.hpp"

namespace aitbc::mempool {

namespace {

auto refuse(Rejection reason) { return fail(ErrorCode::invalid_input, rejection_message(reason)); }

std::optional<Amount> cost_of(const Transaction& transaction, Amount max_fee) {
  const auto value = to_amount(transaction.value);
  const auto gas = checked_mul(max_fee, transaction.gas_limit);
  return value && gas ? checked_add(*value, *gas) : std::nullopt;
}

}  // namespace

Result<Candidate> examine(const TransactionPtr& recovered, const ChainRules& rules,
                          const MempoolOptions& options) {
  const Transaction& transaction = recovered->transaction;
  if (recovered->wire.size() > options.max_transaction_bytes) return fail(ErrorCode::limit, "oversized data");
  if (!transaction.chain_id)
    return fail(ErrorCode::invalid_input, "only replay-protected (EIP-155) transactions allowed over RPC");
  if (*transaction.chain_id != rules.chain_id) return fail(ErrorCode::invalid_input, "invalid chain id");
  if (!transaction.to)
    return fail(ErrorCode::unsupported, rejection_message(Rejection::creation_unsupported));
  if (transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas)
    return refuse(Rejection::tip_above_fee_cap);
  const auto intrinsic = intrinsic_gas(transaction);
  if (!intrinsic || *intrinsic > transaction.gas_limit) return refuse(Rejection::intrinsic_gas_too_low);

  // What needs more than 128 bits exceeds all the money there is.
  const auto max_fee = to_amount(transaction.max_fee_per_gas);
  const auto priority_fee = to_amount(transaction.max_priority_fee_per_gas);
  if (!max_fee || !priority_fee) return refuse(Rejection::insufficient_funds);
  if (*priority_fee < options.min_priority_fee) return fail(ErrorCode::limit, "transaction underpriced");
  const auto cost = cost_of(transaction, *max_fee);
  if (!cost) return refuse(Rejection::insufficient_funds);
  return Candidate{recovered, {*max_fee, *priority_fee}, *cost};
}

}  // namespace aitbc::mempool
