// performance-metrics, latency-metrics, capacity-metrics, cross-node-stats: what the chain and the node do.
#include <map>

#include "codec/hex.hpp"
#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/chain_window.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/peers.hpp"
#include "wallet/cli/statistics.hpp"

namespace aitbc::cli {
namespace {

// Enough for figures, few enough for an answer at once.
constexpr std::size_t kSampleBlocks = 200;
constexpr int kPings = 20;
constexpr std::uint64_t kTransferGas = 21'000;

struct MetricsOptions {
  std::string period = "1h";
  std::vector<std::string> nodes;
};

struct Sample {
  BlockWindow window;
  std::vector<SampledBlock> blocks;
  Samples intervals_s;
  std::uint64_t transactions = 0;
  double seconds = 0;  // between the first block and the last
  double gas_share_sum = 0;
  double gas_share_max = 0;
};

Outcome<Sample> sample_period(Context& context, const std::string& period) {
  AITBC_ASSIGN(const TimeRange range, range_of(context, period));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  Sample out;
  AITBC_ASSIGN(out.window, blocks_since(*node, range));
  AITBC_ASSIGN(out.blocks, sample_blocks(*node, out.window, kSampleBlocks));
  for (std::size_t i = 0; i < out.blocks.size(); ++i) {
    const SampledBlock& block = out.blocks[i];
    const double share =
        block.gas_limit == 0 ? 0 : static_cast<double>(block.gas_used) / static_cast<double>(block.gas_limit);
    out.gas_share_sum += share;
    out.gas_share_max = std::max(out.gas_share_max, share);
    if (i == 0) continue;
    // What the first block holds came in before the time that is looked at.
    out.transactions += block.transactions;
    out.intervals_s.add(static_cast<double>(block.timestamp - out.blocks[i - 1].timestamp));
  }
  out.seconds = static_cast<double>(out.blocks.back().timestamp - out.blocks.front().timestamp);
  return out;
}

void add_sample(Record& record, const Sample& sample, const std::string& period) {
  record.push_back({{"period", "Period"}, text_cell(period)});
  record.push_back({{"blocks", "Blocks in it"}, number_cell(sample.window.count())});
  record.push_back({{"sampled_blocks", "Newest of them looked at"}, number_cell(sample.blocks.size())});
}

Outcome<Json> pool_status(Context& context) {
  AITBC_ASSIGN(NodeClient* const node, context.node());
  return node->call("txpool_status");
}

// How long the node takes to answer the smallest question.
Outcome<Samples> ping(const Context& context, NodeClient& node, int count) {
  Samples out;
  for (int i = 0; i < count; ++i) {
    const auto start = context.env.now();
    AITBC_TRY(node.head());
    out.add(std::chrono::duration<double, std::milli>(context.env.now() - start).count());
  }
  return out;
}

Outcome<void> performance(Context& context, const MetricsOptions& options) {
  AITBC_ASSIGN(const Sample sample, sample_period(context, options.period));
  AITBC_ASSIGN(const Json pool, pool_status(context));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Samples pings, ping(context, *node, kPings));
  Record record;
  add_sample(record, sample, options.period);
  const double no_figure = std::nan("");
  record.push_back({{"transactions", "Transactions in these"}, number_cell(sample.transactions)});
  record.push_back(
      {{"transactions_per_second", "Transactions per second"},
       decimal_cell(sample.seconds > 0 ? static_cast<double>(sample.transactions) / sample.seconds
                                       : no_figure)});
  record.push_back(
      {{"mean_block_interval_seconds", "Mean block interval (s)"},
       decimal_cell(sample.blocks.size() > 1 ? sample.seconds / static_cast<double>(sample.blocks.size() - 1)
                                             : no_figure)});
  record.push_back(
      {{"pool_pending", "Waiting transactions"}, number_cell(pool["pending"].u64().value_or(0))});
  record.push_back({{"pool_queued", "Of these not yet due"}, number_cell(pool["queued"].u64().value_or(0))});
  record.push_back({{"rpc_median_ms", "Median answer of the node (ms)"}, pings.cell(50)});
  context.output().record(record);
  return {};
}

Outcome<void> latency(Context& context, const MetricsOptions& options) {
  AITBC_ASSIGN(const Sample sample, sample_period(context, options.period));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Samples pings, ping(context, *node, kPings));
  Record record;
  add_sample(record, sample, options.period);
  record.push_back(
      {{"block_interval_p50_seconds", "Block interval, median (s)"}, sample.intervals_s.cell(50)});
  record.push_back(
      {{"block_interval_p95_seconds", "Block interval, 95th percentile (s)"}, sample.intervals_s.cell(95)});
  record.push_back(
      {{"block_interval_max_seconds", "Block interval, longest (s)"}, sample.intervals_s.cell(100)});
  record.push_back({{"rpc_p50_ms", "Answer of the node, median (ms)"}, pings.cell(50)});
  record.push_back({{"rpc_p95_ms", "Answer of the node, 95th percentile (ms)"}, pings.cell(95)});
  record.push_back({{"rpc_max_ms", "Answer of the node, slowest (ms)"}, pings.cell(100)});
  context.output().record(record);
  return {};
}

Outcome<void> capacity(Context& context, const MetricsOptions& options) {
  AITBC_ASSIGN(const Sample sample, sample_period(context, options.period));
  AITBC_ASSIGN(const Json pool, pool_status(context));
  std::map<std::string, std::uint64_t> gpus{{"available", 0}, {"booked", 0}, {"offline", 0}, {"delisted", 0}};
  AITBC_TRY(for_each_item(context, "market_listGpus", {}, [&](const Json& gpu) {
    if (gpu["status"].text() != "retired") ++gpus[gpu["status"].text()];
    return true;
  }));
  Record record;
  add_sample(record, sample, options.period);
  const SampledBlock& newest = sample.blocks.back();
  record.push_back({{"gas_limit", "Gas limit of a block"}, number_cell(newest.gas_limit)});
  record.push_back(
      {{"transfers_per_block", "Transfers that fit into one"}, number_cell(newest.gas_limit / kTransferGas)});
  record.push_back({{"mean_gas_used_percent", "Gas used, mean %"},
                    decimal_cell(100 * sample.gas_share_sum / static_cast<double>(sample.blocks.size()))});
  record.push_back(
      {{"max_gas_used_percent", "Gas used, fullest block %"}, decimal_cell(100 * sample.gas_share_max)});
  record.push_back(
      {{"pool_pending", "Waiting transactions"}, number_cell(pool["pending"].u64().value_or(0))});
  for (const auto& [status, count] : gpus)
    record.push_back({{"gpus_" + status, "GPUs " + status}, number_cell(count)});
  context.output().record(record);
  return {};
}

// Who proposed the blocks of the period, and whether all nodes have the same.
Outcome<void> cross_node_stats(Context& context, const MetricsOptions& options) {
  constexpr Height kMetricsBlocks = 10'000;  // of one question
  AITBC_ASSIGN(const TimeRange range, range_of(context, options.period));
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(BlockWindow window, blocks_since(*node, range));
  window.first = std::max<Height>(window.first, 1);
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> by_proposer;  // blocks, the last one
  for (Height first = window.first; first <= window.last; first += kMetricsBlocks) {
    const Height last = std::min(window.last, first + kMetricsBlocks - 1);
    AITBC_ASSIGN(const Json metrics,
                 node->call("qbft_getSignerMetrics",
                            json_array({json_text(hex::quantity(first)), json_text(hex::quantity(last))})));
    for (const Json& each : metrics.elements()) {
      auto& [blocks, newest] = by_proposer[each["address"].text()];
      blocks += each["proposedBlockCount"].u64().value_or(0);
      newest = each["lastProposedBlockNumber"].u64().value_or(newest);
    }
  }
  Table table{{{"validator", "VALIDATOR"},
               {"blocks", "BLOCKS"},
               {"share_percent", "SHARE %"},
               {"last_block", "LAST BLOCK"}},
              {},
              "no blocks"};
  const auto total = static_cast<double>(window.last - window.first + 1);
  for (const auto& [address, figures] : by_proposer)
    table.rows.push_back({address_cell(address), number_cell(figures.first),
                          decimal_cell(100 * static_cast<double>(figures.first) / total),
                          number_cell(figures.second)});
  context.output().table(table);
  return print_agreement(context, options.nodes);
}

using MetricsWork = Outcome<void> (*)(Context&, const MetricsOptions&);

void add_metrics(CLI::App& actions, Context& context, const char* name, const char* help, const char* period,
                 MetricsWork work) {
  add_command<MetricsOptions>(
      actions, context, name, help,
      [period](CLI::App& command, MetricsOptions& options) {
        options.period = period;
        command.add_option("--period", options.period, "The last 5m, 1h, 24h, ...")->capture_default_str();
      },
      work);
}

}  // namespace

void add_network_actions(CLI::App& actions, Context& context) {
  add_metrics(actions, context, "performance-metrics",
              "Show transactions per second, block times and the pool", "5m", performance);
  add_metrics(actions, context, "latency-metrics", "Show how long blocks and answers of the node take", "1h",
              latency);
  add_metrics(actions, context, "capacity-metrics", "Show how full blocks are, and the GPUs", "24h",
              capacity);
  add_command<MetricsOptions>(
      actions, context, "cross-node-stats", "Show who proposed the blocks, and whether the nodes agree",
      [](CLI::App& command, MetricsOptions& options) {
        options.period = "24h";
        command.add_option("--period", options.period, "The last 5m, 1h, 24h, ...")->capture_default_str();
        command.add_option("--node", options.nodes,
                           "Another node to ask, http://HOST:PORT; may be repeated [AITBC_NODES]");
      },
      cross_node_stats);
}

}  // namespace aitbc::cli
