#include "node/rest/simulation.hpp"

#include <algorithm>

#include "marketplace/abi.hpp"
#include "marketplace/tables.hpp"

namespace aitbc::rest {

RestResult<SimulationResult> simulate_call(const RestBackend& backend, const Address& from,
                                           const Bytes& data) {
  const chain::ChainViewPtr view = backend.chain.view();
  const BlockContext block =
      backend.chain.next_block_context(std::max(backend.now(), view->head.timestamp), view->head.coinbase);
  const SimulatedCall call{from, market::kContract, {}, data, view->head.gas_limit, {}};
  REST_ASSIGN(SimulationResult result,
              simulate(backend.chain.rules(), block, call, *view->state, backend.chain.modules()));
  if (result.error) return refuse(400, *result.error);
  if (!result.succeeded) return refuse(problem_of_revert(result.output));
  return result;
}

RestResult<Answer> ask_view(const RestBackend& backend, std::string_view view, const Params& arguments) {
  REST_ASSIGN(const Bytes data, market::encode_call(view, arguments.json()));
  REST_ASSIGN(const SimulationResult result, simulate_call(backend, Address{}, data));
  return Answer::of(market::decode_result(view, result.output));
}

}  // namespace aitbc::rest
