// marketplace pricing MODEL: what an hour of a model has cost, costs, and should cost.
#include "wallet/cli/command.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/marketplace_groups.hpp"
#include "wallet/cli/statistics.hpp"

namespace aitbc::cli {
namespace {

struct PricingOptions {
  std::string model;
};

struct Asked {
  std::uint64_t total = 0;
  std::uint64_t available = 0;
  Amount least;
  Amount most;
  uint128 sum = 0;
  std::string cheapest;  // that is available

  void add(const Json& gpu) {
    ++total;
    if (gpu["status"].text() != "available") return;
    const Amount price = parse_units(gpu["currentPricePerHour"].text()).value_or(Amount{});
    if (available == 0 || price < least) {
      least = price;
      cheapest = gpu["id"].text();
    }
    most = std::max(most, price);
    sum += price.units();
    ++available;
  }
};

Outcome<void> show_pricing(Context& context, const PricingOptions& options) {
  Asked asked;
  AITBC_TRY(for_each_item(context, "market_listGpus", JsonObject().text("model", options.model),
                          [&](const Json& gpu) {
                            if (gpu["status"].text() != "retired") asked.add(gpu);
                            return true;
                          }));
  if (asked.total == 0)
    return failed(Exit::refused, "no GPU of the model '" + options.model +
                                     "' is on the market; see: aitbc marketplace gpu list");
  AITBC_ASSIGN(const Json pricing,
               market_query(context, "market_getPricing", JsonObject().text("model", options.model)));
  const Cell none{"-", "null"};
  const bool has_index = pricing["index"].number().value_or(Uint256{}) != Uint256{};
  const auto percent = [](const Json& bps) {
    return decimal_cell(static_cast<double>(bps.u64().value_or(0)) / 100);
  };
  std::string history;
  for (const Json& point : pricing["history"].elements())
    history += "\n  " + moment_cell(point["end"]).shown + "  " + units_cell(point["index"]).shown + "  (" +
               point["bookings"].text() + " bookings)";
  context.output().record({
      {{"model", "Model"}, text_cell(options.model)},
      {{"total_gpus", "GPUs"}, number_cell(asked.total)},
      {{"available_gpus", "Available"}, number_cell(asked.available)},
      {{"min_price", "Cheapest per hour"}, asked.available == 0 ? none : ait_cell(asked.least)},
      {{"average_price", "Average per hour"},
       asked.available == 0 ? none : ait_cell(Amount::from_units(asked.sum / asked.available))},
      {{"max_price", "Dearest per hour"}, asked.available == 0 ? none : ait_cell(asked.most)},
      {{"recommended_gpu", "Cheapest one"}, asked.cheapest.empty() ? none : text_cell(asked.cheapest)},
      {{"index", "Paid per hour in the last epoch"}, has_index ? units_cell(pricing["index"]) : none},
      {{"recommended_price", "Recommended price"},
       has_index ? units_cell(pricing["recommendedPrice"]) : none},
      {{"volatility_percent", "Volatility %"}, has_index ? percent(pricing["volatilityBps"]) : none},
      {{"confidence_percent", "Confidence %"}, has_index ? percent(pricing["confidenceBps"]) : none},
      {{"history", "History"}, {history.empty() ? "none yet" : history, pricing["history"].dump()}},
  });
  return {};
}

}  // namespace

void add_pricing_command(CLI::App& market, Context& context) {
  add_command<PricingOptions>(
      market, context, "pricing", "Show what an hour of a model costs, and its price index",
      [](CLI::App& command, PricingOptions& options) {
        command.add_option("model", options.model, "Such as 'RTX 4090'")->required();
      },
      show_pricing);
}

}  // namespace aitbc::cli
