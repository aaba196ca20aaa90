// revenue, volume, transactions, optimize, pricing: what the market turned over, and what to ask.
#include "codec/hex.hpp"
#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/period.hpp"
#include "wallet/cli/statistics.hpp"
#include "wallet/cli/transaction_list.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

struct PeriodOptions {
  std::string wallet;
  std::string period = "24h";
};

Outcome<JsonObject> period_params(const PeriodOptions& options) {
  AITBC_TRY(parse_period(options.period));
  return JsonObject().text("period", options.period);
}

Outcome<void> show_revenue(Context& context, const PeriodOptions& options) {
  AITBC_ASSIGN(const Address provider, resolve_account(context, options.wallet));
  AITBC_ASSIGN(JsonObject params, period_params(options));
  params.text("provider", hex::encode_prefixed(provider));
  AITBC_ASSIGN(const Json sums, market_query(context, "market_getRevenue", params));
  context.output().record({{{"provider", "Provider"}, address_cell(provider)},
                           {{"from", "Since (the hour began)"}, moment_cell(sums["from"])},
                           {{"revenue", "Revenue"}, units_cell(sums["paid"])},
                           {{"market_fee", "Market fees paid"}, units_cell(sums["fee"])},
                           {{"refunds", "Refunded to customers"}, units_cell(sums["refund"])},
                           {{"bookings", "Closed bookings"}, plain_cell(sums["bookings"])},
                           {{"services", "Settled services"}, plain_cell(sums["services"])},
                           {{"jobs", "Completed jobs"}, plain_cell(sums["jobs"])},
                           {{"gpu_seconds", "GPU-seconds sold"}, plain_cell(sums["gpuSeconds"])}});
  return {};
}

// One number and nothing else: scripts put it into their logs.
Outcome<void> show_volume(Context& context, const PeriodOptions& options) {
  AITBC_ASSIGN(const JsonObject params, period_params(options));
  AITBC_ASSIGN(const Json sums, market_query(context, "market_getVolume", params));
  AITBC_ASSIGN(const Amount volume, parse_units(sums["volume"].text()));
  Output output = context.output();
  if (output.is_json())
    output.record({{{"volume", ""}, ait_cell(volume)}, {{"from", ""}, plain_cell(sums["from"])}});
  else
    output.line(to_ait_string(volume));
  return {};
}

struct TransactionsOptions {
  std::string period;
  std::string service;
  unsigned limit = 100;
};

Outcome<void> show_transactions(Context& context, const TransactionsOptions& options) {
  TransactionQuery query;
  query.limit = options.limit;
  if (!options.period.empty()) {
    AITBC_ASSIGN(query.range, range_of(context, options.period));
  }
  if (!options.service.empty()) {
    AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::service, options.service));
    query.record = market::id_text(Kind::service, id);
    AITBC_TRY(market_query(context, "market_getService", JsonObject().text("id", query.record)));
  }
  return print_transactions(context, query);
}

struct StrategyOptions {
  std::string service;
  std::string gpu;
  std::string strategy;
};

Outcome<void> show_pricing(Context& context, const StrategyOptions& options) {
  JsonObject params;
  if (options.service.empty() == options.gpu.empty())
    return failed(Exit::usage, "for what: give either --service-id or --gpu-id");
  const Kind kind = options.gpu.empty() ? Kind::service : Kind::gpu;
  AITBC_ASSIGN(const std::uint64_t id, read_id(kind, options.gpu.empty() ? options.service : options.gpu));
  params.text("id", market::id_text(kind, id)).text("strategy", options.strategy);
  AITBC_ASSIGN(const Json price, market_query(context, "market_getStrategyPrice", params));
  context.output().record(
      {{{"id", "For"}, text_cell(market::id_text(kind, id))},
       {{"strategy", "Strategy"}, text_cell(options.strategy)},
       {{"base_price", "Asked price"}, units_cell(price["basePrice"])},
       {{"price", "Price by the strategy"}, units_cell(price["price"])},
       {{"demand", "Demand"}, plain_cell(price["demand"])},
       {{"supply", "Supply"}, plain_cell(price["supply"])},
       {{"index", "Price index"}, units_cell(price["index"])},
       {{"hour", "Hour of the day (UTC)"}, plain_cell(price["hour"])},
       {{"rating_hundredths", "Provider's rating x 100"}, plain_cell(price["ratingHundredths"])}});
  return {};
}

}  // namespace

void add_report_actions(CLI::App& actions, Context& context) {
  add_command<PeriodOptions>(
      actions, context, "revenue", "What a provider's closed work paid",
      [](CLI::App& command, PeriodOptions& options) {
        command.add_option("--wallet", options.wallet, "The provider's wallet (or its address)")->required();
        command.add_option("--period", options.period, "The last 1h, 24h, 7d, ...")->capture_default_str();
      },
      show_revenue);
  add_command<PeriodOptions>(
      actions, context, "volume", "What all closed work turned over, in AIT: one number",
      [](CLI::App& command, PeriodOptions& options) {
        command.add_option("--period", options.period, "The last 1h, 24h, 7d, ...")->capture_default_str();
      },
      show_volume);
  add_command<TransactionsOptions>(
      actions, context, "transactions", "List the market's transactions, newest first",
      [](CLI::App& command, TransactionsOptions& options) {
        command.add_option("--period", options.period, "Only of the last 5m, 1h, 24h, 7d, ...");
        command.add_option("--service-id", options.service, "Only about this service (svc_3)");
        command.add_option("--limit", options.limit, "At most so many")
            ->check(CLI::Range(1, 500))
            ->capture_default_str();
      },
      show_transactions);
  add_command<StrategyOptions>(
      actions, context, "pricing",
      "What a pricing strategy of the chain makes of a price, as the market stands",
      [](CLI::App& command, StrategyOptions& options) {
        command.add_option("--service-id", options.service, "Of a service (svc_3)");
        command.add_option("--gpu-id", options.gpu, "Or of a GPU (gpu_3)");
        command.add_option("--strategy", options.strategy, "Such as fixed, dynamic, market-balance")
            ->required();
      },
      show_pricing);
  add_optimize_action(actions, context);
}

}  // namespace aitbc::cli
