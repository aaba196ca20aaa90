#include "execution/transition.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "execution/chain_record.hpp"
#include "execution/module_set.hpp"

namespace aitbc {
namespace {

// What a transaction may cost at most, and what it costs per unit of gas, worked out before anything changes.
struct Purchase {
  EffectiveFee fee;
  Amount value;
  Gas intrinsic = 0;
};

void must(bool done, const char* what) { AITBC_CHECK(done, what); }

}  // namespace

const char* rejection_message(Rejection rejection) {
  switch (rejection) {
    case Rejection::none:
      return "";
    case Rejection::nonce_too_low:
      return "nonce too low";
    case Rejection::nonce_too_high:
      return "nonce too high";
    case Rejection::insufficient_funds:
      return "insufficient funds for gas * price + value";
    case Rejection::fee_below_base_fee:
      return "max fee per gas less than block base fee";
    case Rejection::tip_above_fee_cap:
      return "max priority fee per gas higher than max fee per gas";
    case Rejection::intrinsic_gas_too_low:
      return "intrinsic gas too low";
    case Rejection::gas_limit_exceeds_block:
      return "gas limit reached";
    case Rejection::wrong_chain_id:
      return "invalid chain id for signer";
    case Rejection::amount_too_large:
      return "value or cost exceeds 128 bits";
    case Rejection::creation_unsupported:
      return "contract creation is not supported";
    case Rejection::local_failure:
      return "the state cannot be read";
  }
  return "";
}

Hash system_transaction_hash(Height number) {
  Bytes preimage = to_bytes(as_bytes("aitbc/end-of-block"));
  append_be64(preimage, number);
  return keccak256(preimage);
}

struct BlockExecutor::Impl {
  Impl(const ChainRules& chain_rules, const BlockContext& context, const StateView& parent, Modules all)
      : rules(chain_rules), block(context), modules(all), state(parent), gas_left(context.gas_limit) {}

  const ChainRules& rules;
  const BlockContext& block;
  ModuleSet modules;
  State state;
  Gas gas_left;
  BlockOutcome outcome;

  Rejection check(const RecoveredTransaction& transaction, Purchase& purchase);
  Rejection check_funds(const RecoveredTransaction& transaction, Amount fee_cap, Amount value);
  void run(const RecoveredTransaction& transaction, const Purchase& purchase);
  CallResult run_message(const RecoveredTransaction& transaction, const Purchase& purchase);
  void settle_fees(const RecoveredTransaction& transaction, const EffectiveFee& fee, Gas gas_used);
  void record(TransactionType type, CallResult result, Gas gas_used);
};

// All of it is decided before anything changes, cheap and definite reasons first.
Rejection BlockExecutor::Impl::check(const RecoveredTransaction& recovered, Purchase& purchase) {
  const Transaction& transaction = recovered.transaction;
  if (transaction.chain_id != rules.chain_id) return Rejection::wrong_chain_id;
  if (!transaction.to) return Rejection::creation_unsupported;
  const Nonce expected = state.nonce(recovered.sender);
  if (transaction.nonce < expected) return Rejection::nonce_too_low;
  if (transaction.nonce > expected) return Rejection::nonce_too_high;
  if (transaction.gas_limit > gas_left) return Rejection::gas_limit_exceeds_block;
  const auto fee_cap = to_amount(transaction.max_fee_per_gas);
  const auto value = to_amount(transaction.value);
  if (!fee_cap || !value) return Rejection::amount_too_large;
  if (transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas) return Rejection::tip_above_fee_cap;
  const auto fee = effective_fee(transaction, block.base_fee);
  if (!fee) return Rejection::fee_below_base_fee;
  const auto intrinsic = intrinsic_gas(transaction);
  if (!intrinsic || transaction.gas_limit < *intrinsic) return Rejection::intrinsic_gas_too_low;
  purchase = {*fee, *value, *intrinsic};
  return check_funds(recovered, *fee_cap, *value);
}

Rejection BlockExecutor::Impl::check_funds(const RecoveredTransaction& recovered, Amount fee_cap,
                                           Amount value) {
  const auto gas_cost = checked_mul(fee_cap, recovered.transaction.gas_limit);
  const auto total = gas_cost ? checked_add(*gas_cost, value) : std::nullopt;
  if (!total) return Rejection::amount_too_large;
  return state.balance(recovered.sender) < *total ? Rejection::insufficient_funds : Rejection::none;
}

void BlockExecutor::Impl::run(const RecoveredTransaction& recovered, const Purchase& purchase) {
  const Transaction& transaction = recovered.transaction;
  const Amount bought = *checked_mul(purchase.fee.gas_price, transaction.gas_limit);
  must(state.sub_balance(recovered.sender, bought), "the balance was found to cover the gas");
  state.set_nonce(recovered.sender, transaction.nonce + 1);

  const State::Checkpoint before_message = state.checkpoint();
  CallResult result = run_message(recovered, purchase);
  if (!result.succeeded) state.rollback(before_message);
  const Gas gas_used = purchase.intrinsic + result.gas_used;
  settle_fees(recovered, purchase.fee, gas_used);
  state.discard_checkpoints();

  gas_left -= gas_used;
  outcome.gas_used.push_back(gas_used);
  outcome.effective_gas_price.push_back(purchase.fee.gas_price);
  record(transaction.type, std::move(result), gas_used);
}

CallResult BlockExecutor::Impl::run_message(const RecoveredTransaction& recovered, const Purchase& purchase) {
  const Transaction& transaction = recovered.transaction;
  const CallContext context{block, recovered.sender, purchase.value, recovered.hash,
                            transaction.gas_limit - purchase.intrinsic};
  must(state.transfer(recovered.sender, *transaction.to, purchase.value),
       "the balance was found to cover the value");
  return modules.call(*transaction.to, state, context, transaction.data);
}

void BlockExecutor::Impl::settle_fees(const RecoveredTransaction& recovered, const EffectiveFee& fee,
                                      Gas gas_used) {
  const Amount unused = *checked_mul(fee.gas_price, recovered.transaction.gas_limit - gas_used);
  const Amount tip = *checked_mul(fee.tip_per_gas, gas_used);
  const Amount base = *checked_mul(block.base_fee, gas_used);
  const bool paid = state.add_balance(recovered.sender, unused) && state.add_balance(block.coinbase, tip) &&
                    state.add_balance(rules.treasury, base);
  must(paid, "the sum of all balances fits 128 bits");
}

void BlockExecutor::Impl::record(TransactionType type, CallResult result, Gas gas_used) {
  outcome.total_gas_used += gas_used;
  Receipt& receipt = outcome.receipts.emplace_back();
  receipt.type = type;
  receipt.succeeded = result.succeeded;
  receipt.cumulative_gas_used = outcome.total_gas_used;
  receipt.logs = std::move(result.logs);
  if (receipt.logs.empty()) return;
  receipt.bloom = bloom_of(receipt.logs);
  merge(outcome.bloom, receipt.bloom);
}

BlockExecutor::BlockExecutor(const ChainRules& rules, const BlockContext& block, const StateView& parent,
                             Modules modules)
    : impl_(std::make_unique<Impl>(rules, block, parent, modules)) {}
BlockExecutor::~BlockExecutor() = default;

Rejection BlockExecutor::apply(const RecoveredTransaction& transaction) {
  Purchase purchase;
  Rejection rejection = impl_->check(transaction, purchase);
  // What was read of a broken disk proves nothing about the transaction.
  if (failure()) return Rejection::local_failure;
  if (rejection != Rejection::none) return rejection;
  impl_->run(transaction, purchase);
  return failure() ? Rejection::local_failure : Rejection::none;
}

Gas BlockExecutor::gas_left() const { return impl_->gas_left; }
const std::optional<Error>& BlockExecutor::failure() const { return impl_->state.failure(); }

Result<BlockOutcome> BlockExecutor::finish() && {
  Logs logs;
  for (const Module* module : impl_->modules.ascending()) module->end_block(impl_->state, impl_->block, logs);
  if (!logs.empty()) impl_->record(TransactionType::legacy, {true, {}, std::move(logs), 0}, 0);
  AITBC_TRY(record_issuance(impl_->state));
  if (failure()) return fail(*failure());
  impl_->outcome.diff = std::move(impl_->state).take_diff();
  AITBC_CHECK(conserves_money(impl_->outcome.diff), "a block makes and destroys money only by mint and burn");
  return std::move(impl_->outcome);
}

Result<BlockOutcome> execute(const ChainRules& rules, const BlockContext& block,
                             std::span<const TransactionPtr> transactions, const StateView& parent,
                             Modules modules) {
  BlockExecutor executor(rules, block, parent, modules);
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    const Rejection rejection = executor.apply(*transactions[i]);
    if (rejection == Rejection::none) continue;
    if (executor.failure()) return fail(*executor.failure());
    return fail(ErrorCode::invalid_block, "transaction " + std::to_string(i) + " (" +
                                              hex::encode_prefixed(transactions[i]->hash) +
                                              "): " + rejection_message(rejection));
  }
  return std::move(executor).finish();
}

}  // namespace aitbc
