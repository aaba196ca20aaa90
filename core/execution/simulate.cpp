// eth_call and eth_estimateGas.
#include "execution/module_set.hpp"
#include "execution/transition.hpp"

namespace aitbc {
namespace {

SimulationResult could_not_start(Rejection rejection) {
  SimulationResult result;
  result.error = rejection_message(rejection);
  return result;
}

// What a transaction with this content would pay before it starts. The access list and the data are all that
// counts; the type does not.
std::optional<Gas> intrinsic_gas(const SimulatedCall& call) {
  Transaction transaction;
  transaction.to = call.to;
  transaction.data = call.data;
  transaction.access_list = call.access_list;
  return intrinsic_gas(transaction);
}

}  // namespace

Result<SimulationResult> simulate(const ChainRules&, const BlockContext& block, const SimulatedCall& call,
                                  const StateView& view, Modules modules) {
  if (!call.to) return could_not_start(Rejection::creation_unsupported);
  const auto intrinsic = intrinsic_gas(call);
  if (!intrinsic || call.gas_limit < *intrinsic) return could_not_start(Rejection::intrinsic_gas_too_low);

  State state(view);
  const bool funded = state.transfer(call.from, *call.to, call.value);
  if (state.failure()) return fail(*state.failure());
  if (!funded) return could_not_start(Rejection::insufficient_funds);

  const CallContext context{block, call.from, call.value, Hash{}, call.gas_limit - *intrinsic};
  CallResult outcome = ModuleSet(modules).call(*call.to, state, context, call.data);
  if (state.failure()) return fail(*state.failure());
  SimulationResult result;
  result.succeeded = outcome.succeeded;
  result.output = std::move(outcome.output);
  result.gas_used = *intrinsic + outcome.gas_used;
  result.logs = std::move(outcome.logs);
  return result;
}

}  // namespace aitbc
