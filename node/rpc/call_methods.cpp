// eth_call and eth_estimateGas: execution without a transaction.
#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "codec/abi.hpp"
#include "codec/hex.hpp"
#include "node/chain/block_validators.hpp"
#include "node/rpc/block_ref.hpp"
#include "node/rpc/call_object.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/schemas.hpp"

namespace aitbc::rpc {
namespace {

constexpr std::size_t kRecentHashes = 256;
constexpr std::size_t kSelectorSize = 4;
// No transaction takes less; a lower limit in eth_estimateGas counts as none.
constexpr Gas kTransferGas = 21'000;

// What a call executes on.
struct Scene {
  BlockContext block;
  std::shared_ptr<const StateView> state;
};

// The hashes of the blocks before `height`, the parent's first.
Result<std::vector<Hash>> hashes_before(const chain::ChainView& view, Height height) {
  std::vector<Hash> out;
  for (Height h = height; h > 0 && out.size() < kRecentHashes; --h) {
    AITBC_ASSIGN(const auto meta, chain::read_block_meta(*view.snapshot, h - 1));
    if (!meta) return fail(ErrorCode::corruption, "block " + std::to_string(h - 1) + " is missing");
    out.push_back(meta->hash);
  }
  return out;
}

// The block after the head, at the present time.
RpcResult<Scene> next_block(const Backend& backend) {
  for (;;) {
    const chain::ChainViewPtr view = backend.chain.view();
    const Seconds time = std::max(backend.now(), view->head.timestamp);
    BlockContext context = backend.chain.next_block_context(time, view->head.coinbase);
    // A block may have been committed between the two looks.
    if (context.number == view->head.number + 1) return Scene{std::move(context), view->state};
  }
}

// The head's own context, from what the chain has at hand: the next block's, one back. nullopt: a block was
// committed in between.
std::optional<BlockContext> head_context(const Backend& backend, const Header& head) {
  BlockContext context = backend.chain.next_block_context(head.timestamp, head.coinbase);
  if (context.number != head.number + 1) return std::nullopt;
  context.number = head.number;
  context.gas_limit = head.gas_limit;
  context.base_fee = head.base_fee_per_gas.value_or(Amount{});
  context.recent_hashes.erase(context.recent_hashes.begin());  // the head's
  return context;
}

// Of any block, from the store.
RpcResult<BlockContext> stored_context(const Backend& backend, const chain::ChainView& view, Height height) {
  RPC_ASSIGN(const auto header, chain::read_header(*view.snapshot, height));
  if (!header) return rpc_fail(kServerError, "header not found");
  RPC_ASSIGN(auto hashes, hashes_before(view, height));
  RPC_ASSIGN(auto validators, chain::block_validators(header->extra_data));
  return BlockContext{.number = height,
                      .timestamp = header->timestamp,
                      .coinbase = header->coinbase,
                      .gas_limit = header->gas_limit,
                      .base_fee = header->base_fee_per_gas.value_or(Amount{}),
                      .chain_id = backend.chain.rules().chain_id,
                      .recent_hashes = std::move(hashes),
                      .validators = std::move(validators)};
}

// The block itself, after its transactions.
RpcResult<Scene> existing_block(const Backend& backend, const BlockRef& block) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const Height height, resolve_existing(*view, block));
  RPC_ASSIGN(auto state, state_after(*view, {BlockRef::Kind::number, height, {}}));
  if (height == view->head.number)
    if (auto context = head_context(backend, view->head)) return Scene{std::move(*context), std::move(state)};
  RPC_ASSIGN(auto context, stored_context(backend, *view, height));
  return Scene{std::move(context), std::move(state)};
}

RpcResult<Scene> set_scene(const Backend& backend, const BlockRef& block) {
  return block.kind == BlockRef::Kind::pending ? next_block(backend) : existing_block(backend, block);
}

// The message of Solidity's revert("...") and require(..., "..."); empty for any other revert data.
std::string revert_reason(ByteView output) {
  static const abi::Selector kErrorString = abi::selector("Error(string)");
  if (!starts_with(output, kErrorString)) return {};
  abi::Reader in(output.subspan(kSelectorSize), 1);
  const std::string reason(in.string());
  return in.finish() ? reason : std::string();
}

RpcError revert_error(ByteView output) {
  const std::string reason = revert_reason(output);
  return {kExecutionReverted, reason.empty() ? "execution reverted" : "execution reverted: " + reason,
          '"' + hex::encode_prefixed(output) + '"'};
}

RpcResult<SimulationResult> run(const Backend& backend, const Scene& scene, const CallObject& object,
                                Gas gas) {
  const auto value = to_amount(object.value);
  if (!value) return rpc_fail(kServerError, "insufficient funds for transfer");
  const SimulatedCall call{object.from, object.to, *value, object.data, gas, object.access_list};
  RPC_ASSIGN(SimulationResult result,
             simulate(backend.chain.rules(), scene.block, call, *scene.state, backend.chain.modules()));
  if (result.error) return rpc_fail(kServerError, *result.error);
  return result;
}

RpcResult<void> eth_call(Call& call, const Backend& backend, const CallObject& object,
                         const BlockRef& block) {
  RPC_ASSIGN(const Scene scene, set_scene(backend, block));
  const Gas gas = std::min(object.gas.value_or(backend.call_gas_cap), backend.call_gas_cap);
  RPC_ASSIGN(const SimulationResult result, run(backend, scene, object, gas));
  if (!result.succeeded) return rpc_fail(revert_error(result.output));
  call.out.data(result.output);
  return {};
}

// How much gas the caller can pay for at the fee it offers.
RpcResult<Gas> affordable_gas(const Scene& scene, const CallObject& object) {
  if (object.fee_cap.is_zero()) return std::numeric_limits<Gas>::max();
  RPC_ASSIGN(const auto account, scene.state->account(object.from));
  const Amount balance = account.value_or(Account::empty()).balance;
  const auto value = to_amount(object.value);
  const auto left = value ? checked_sub(balance, *value) : std::nullopt;
  if (!left) return rpc_fail(kServerError, "insufficient funds for transfer");
  const auto fee = to_amount(object.fee_cap);
  if (!fee) return Gas{0};
  const uint128 gas = left->units() / fee->units();
  return gas > std::numeric_limits<Gas>::max() ? std::numeric_limits<Gas>::max() : static_cast<Gas>(gas);
}

// The smallest gas limit in (too_little, enough] with which the call succeeds.
RpcResult<Gas> search_gas(const Backend& backend, const Scene& scene, const CallObject& object,
                          Gas too_little, Gas enough) {
  while (too_little + 1 < enough) {
    const Gas middle = too_little + (enough - too_little) / 2;
    RPC_ASSIGN(const SimulationResult result, run(backend, scene, object, middle));
    (result.succeeded ? enough : too_little) = middle;
  }
  return enough;
}

RpcResult<Gas> estimate_gas(const Backend& backend, const CallObject& object, const BlockRef& block) {
  RPC_ASSIGN(const Scene scene, set_scene(backend, block));
  RPC_ASSIGN(const Gas affordable, affordable_gas(scene, object));
  const bool has_limit = object.gas && *object.gas >= kTransferGas;
  const Gas wanted = std::min(has_limit ? *object.gas : scene.block.gas_limit, backend.call_gas_cap);
  const Gas most = std::min(wanted, affordable);
  const auto whole = run(backend, scene, object, most);
  if (!whole && most < wanted)
    return rpc_fail(kServerError, "gas required exceeds allowance (" + std::to_string(most) + ")");
  if (!whole) return rpc_fail(whole.error());
  if (!whole->succeeded) return rpc_fail(revert_error(whole->output));
  // What it used is what it needs, unless a contract looks at the gas that it was given.
  const auto exact = run(backend, scene, object, whole->gas_used);
  if (exact && exact->succeeded) return whole->gas_used;
  return search_gas(backend, scene, object, whole->gas_used, most);
}

}  // namespace

void register_call_methods(Registry& registry, const Backend& backend) {
  registry.add(
      {"eth_call",
       "Calls a contract without a transaction, on the state after a block; pending: in the next block, now",
       {"call", "block"},
       schema::kData},
      [&backend](Call& call, CallObject object, std::optional<BlockRef> block) {
        return eth_call(call, backend, object, block.value_or(BlockRef{}));
      });
  registry.add({"eth_estimateGas",
                "The gas limit that a transaction needs, in the next block unless told otherwise",
                {"call", "block"},
                schema::kQuantity},
               [&backend](Call& call, CallObject object, std::optional<BlockRef> block) -> RpcResult<void> {
                 const BlockRef next{BlockRef::Kind::pending, 0, {}};
                 RPC_ASSIGN(const Gas gas, estimate_gas(backend, object, block.value_or(next)));
                 call.out.quantity(gas);
                 return {};
               });
}

}  // namespace aitbc::rpc
