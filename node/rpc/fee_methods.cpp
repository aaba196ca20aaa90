// What to offer for gas: eth_gasPrice, eth_maxPriorityFeePerGas, eth_feeHistory.
#include <algorithm>

#include "node/rpc/block_ref.hpp"
#include "node/rpc/fee_oracle.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/schemas.hpp"

namespace aitbc::rpc {
namespace {

constexpr std::uint64_t kMaxBlocks = 1024;
constexpr std::size_t kMaxPercentiles = 100;
// Receipts read for one call; a longer history of full blocks comes in several calls.
constexpr std::size_t kMaxReceipts = 50'000;
constexpr std::string_view kFeeHistorySchema =
    R"({"type":"object","required":["oldestBlock","baseFeePerGas","gasUsedRatio"]})";

struct FeeRow {
  Amount base_fee;
  double gas_used_ratio = 0;
  std::vector<Amount> rewards;
};

RpcResult<void> check_percentiles(const std::vector<double>& percentiles) {
  if (percentiles.size() > kMaxPercentiles)
    return rpc_fail(kInvalidParams,
                    "over the query limit " + std::to_string(kMaxPercentiles) + " of percentiles");
  double last = 0;
  for (const double percentile : percentiles) {
    if (!(percentile >= last && percentile <= 100))
      return rpc_fail(kInvalidParams, "invalid reward percentile: must be ascending, between 0 and 100");
    last = percentile;
  }
  return {};
}

// Newest first, as many as the budget of receipts allows.
RpcResult<std::vector<FeeRow>> read_rows(const chain::ChainView& view, FeeOracle& fees, Height newest,
                                         std::uint64_t count, const std::vector<double>& percentiles) {
  std::vector<FeeRow> rows;
  std::size_t budget = kMaxReceipts;
  for (std::uint64_t i = 0; i < count; ++i) {
    RPC_ASSIGN(const auto header, chain::read_header(*view.snapshot, newest - i));
    if (!header) return rpc_fail(kServerError, "header not found");
    FeeRow row{header->base_fee_per_gas.value_or(Amount{}),
               header->gas_limit == 0
                   ? 0.0
                   : static_cast<double>(header->gas_used) / static_cast<double>(header->gas_limit),
               {}};
    if (!percentiles.empty()) {
      RPC_ASSIGN(auto rewards, fees.rewards(view, newest - i, percentiles, budget));
      if (!rewards && !rows.empty()) break;
      row.rewards = rewards ? std::move(*rewards) : std::vector<Amount>(percentiles.size());
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// The base fee of the block after `newest`, which exists.
RpcResult<Amount> following_base_fee(const Backend& backend, const chain::ChainView& view, Height newest) {
  if (newest == view.head.number) return view.next_base_fee;
  RPC_ASSIGN(const auto header, chain::read_header(*view.snapshot, newest + 1));
  if (!header) return rpc_fail(kServerError, "header not found");
  return header->base_fee_per_gas.value_or(backend.chain.rules().min_base_fee);
}

void write_history(JsonWriter& out, Height oldest, std::vector<FeeRow> rows, Amount following,
                   bool with_rewards) {
  std::reverse(rows.begin(), rows.end());
  out.begin_object().key("oldestBlock").quantity(oldest);
  if (with_rewards) {
    out.key("reward").begin_array();
    for (const FeeRow& row : rows) {
      out.begin_array();
      for (const Amount reward : row.rewards) out.quantity(reward);
      out.end_array();
    }
    out.end_array();
  }
  out.key("baseFeePerGas").begin_array();
  for (const FeeRow& row : rows) out.quantity(row.base_fee);
  out.quantity(following).end_array();
  out.key("gasUsedRatio").begin_array();
  for (const FeeRow& row : rows) out.number(row.gas_used_ratio);
  out.end_array().end_object();
}

RpcResult<void> fee_history(Call& call, const Backend& backend, FeeOracle& fees, std::uint64_t count,
                            const BlockRef& newest_block, const std::vector<double>& percentiles) {
  RPC_TRY(check_percentiles(percentiles));
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const auto resolved, resolve(*view, newest_block));
  if (!resolved)
    return rpc_fail(kServerError, "request beyond head block: requested " +
                                      std::to_string(newest_block.number) + ", head " +
                                      std::to_string(view->head.number));
  const Height newest = *resolved;
  count = std::min({count, kMaxBlocks, newest + 1});
  if (count == 0) {
    call.out.begin_object()
        .key("oldestBlock")
        .quantity(std::uint64_t{0})
        .key("gasUsedRatio")
        .null()
        .end_object();
    return {};
  }
  RPC_ASSIGN(auto rows, read_rows(*view, fees, newest, count, percentiles));
  RPC_ASSIGN(const Amount following, following_base_fee(backend, *view, newest));
  const Height oldest = newest + 1 - rows.size();
  write_history(call.out, oldest, std::move(rows), following, !percentiles.empty());
  return {};
}

}  // namespace

void register_fee_methods(Registry& registry, const Backend& backend, FeeOracle& fees) {
  registry.add({"eth_gasPrice", "The next block's base fee and the suggested tip", {}, schema::kQuantity},
               [&backend, &fees](Call& call) -> RpcResult<void> {
                 const chain::ChainViewPtr view = backend.chain.view();
                 RPC_ASSIGN(const Amount tip, fees.suggested_tip(*view));
                 call.out.quantity(checked_add(view->next_base_fee, tip).value_or(Amount::max()));
                 return {};
               });
  registry.add({"eth_maxPriorityFeePerGas",
                "The suggested tip: the median of recent ones, never zero",
                {},
                schema::kQuantity},
               [&backend, &fees](Call& call) -> RpcResult<void> {
                 RPC_ASSIGN(const Amount tip, fees.suggested_tip(*backend.chain.view()));
                 call.out.quantity(tip);
                 return {};
               });
  registry.add({"eth_feeHistory",
                "Base fees, gas used and tips of up to 1024 blocks; blocks without transactions show the "
                "suggested floor",
                {"blockCount", "newestBlock", "rewardPercentiles"},
                kFeeHistorySchema},
               [&backend, &fees](Call& call, LooseCount count, BlockRef newest,
                                 std::optional<std::vector<double>> percentiles) {
                 return fee_history(call, backend, fees, count.value, newest,
                                    percentiles.value_or(std::vector<double>{}));
               });
}

}  // namespace aitbc::rpc
