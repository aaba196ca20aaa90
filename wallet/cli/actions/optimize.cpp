// optimize: where a provider's prices stand in the market.
#include <algorithm>

#include "codec/hex.hpp"
#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/booked_time.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/period.hpp"
#include "wallet/cli/statistics.hpp"

namespace aitbc::cli {
namespace {

struct OptimizeOptions {
  std::string wallet;
  std::string metric = "utilization";
  std::string period = "7d";
};

constexpr double kBusy_percent = 80;
constexpr double kIdle_percent = 20;

// What others ask for the like: the mean, and how many.
struct Rivals {
  uint128 sum = 0;
  std::uint64_t count = 0;
  void add(const Json& price) {
    sum += parse_units(price.text()).value_or(Amount{}).units();
    ++count;
  }
  std::optional<Amount> mean() const {
    return count == 0 ? std::nullopt : std::optional(Amount::from_units(sum / count));
  }
};

// More than four fifths of the time booked: others pay that, and more. Less than one fifth: others are
// chosen.
std::string advice_for_gpu(double used_percent, Amount price, std::optional<Amount> mean) {
  if (used_percent >= kBusy_percent)
    return mean && price < *mean ? "raise towards the others' price" : "raise";
  if (used_percent >= kIdle_percent) return "keep";
  if (!mean) return "lower, or offer it in another category: nobody else has this model";
  return price > *mean ? "lower towards the others' price" : "keep: it is not the price";
}

Outcome<void> add_gpus(Context& context, const Address& provider, const OptimizeOptions& options,
                       Table& table) {
  AITBC_ASSIGN(const TimeRange range, range_of(context, options.period));
  JsonObject filters;
  filters.text("provider", hex::encode_prefixed(provider));
  std::vector<Json> gpus;
  AITBC_TRY(for_each_item(context, "market_listGpus", filters, [&](const Json& gpu) {
    if (gpu["status"].text() != "retired") gpus.push_back(gpu);
    return true;
  }));
  for (const Json& gpu : gpus) {
    AITBC_ASSIGN(const BookedTime time, booked_time(context, gpu, range.from));
    Rivals rivals;
    JsonObject same;
    same.text("model", gpu["model"].text());
    AITBC_TRY(for_each_item(context, "market_listGpus", same, [&](const Json& other) {
      const std::string status = other["status"].text();
      const bool counts = status == "available" || status == "booked";
      if (counts && other["provider"].text() != gpu["provider"].text())
        rivals.add(other["currentPricePerHour"]);
      return true;
    }));
    const Amount price = parse_units(gpu["currentPricePerHour"].text()).value_or(Amount{});
    table.rows.push_back(
        {plain_cell(gpu["id"]), plain_cell(gpu["model"]), units_cell(gpu["currentPricePerHour"]),
         rivals.mean() ? ait_cell(*rivals.mean()) : Cell{"-", "null"}, decimal_cell(time.percent()),
         text_cell(advice_for_gpu(time.percent(), price, rivals.mean()))});
  }
  return {};
}

// A service is taken once: what counts are the bids on it.
Outcome<void> add_services(Context& context, const Address& provider, Table& table) {
  JsonObject filters;
  filters.text("provider", hex::encode_prefixed(provider)).text("state", "open");
  std::vector<Json> services;
  AITBC_TRY(for_each_item(context, "market_listServices", filters, [&](const Json& service) {
    services.push_back(service);
    return true;
  }));
  for (const Json& service : services) {
    Rivals rivals;
    JsonObject same;
    same.text("category", service["category"].text()).text("state", "open");
    AITBC_TRY(for_each_item(context, "market_listServices", same, [&](const Json& other) {
      if (other["provider"].text() != service["provider"].text()) rivals.add(other["price"]);
      return true;
    }));
    Amount best;
    JsonObject on_it;
    on_it.text("serviceId", service["id"].text()).text("state", "open");
    AITBC_TRY(for_each_item(context, "market_listBids", on_it, [&](const Json& bid) {
      best = std::max(best, parse_units(bid["amount"].text()).value_or(Amount{}));
      return true;
    }));
    const Amount price = parse_units(service["price"].text()).value_or(Amount{});
    const std::string advice = best.is_zero() ? rivals.mean() && price > *rivals.mean()
                                                    ? "lower towards the others' price"
                                                    : "keep: nobody has bid yet"
                               : best < price ? "the best bid is lower: " + to_ait_string(best) + " AIT"
                                              : "accept the best bid: " + to_ait_string(best) + " AIT";
    table.rows.push_back(
        {plain_cell(service["id"]), plain_cell(service["name"]), units_cell(service["price"]),
         rivals.mean() ? ait_cell(*rivals.mean()) : Cell{"-", "null"}, Cell{"-", "null"}, text_cell(advice)});
  }
  return {};
}

Outcome<void> optimize(Context& context, const OptimizeOptions& options) {
  AITBC_ASSIGN(const Address provider, resolve_account(context, options.wallet));
  Table table{{{"id", "OFFERED"},
               {"name", "NAME"},
               {"price", "PRICE"},
               {"others_mean_price", "OTHERS' MEAN"},
               {"utilization_percent", "USED %"},
               {"advice", "ADVICE"}},
              {},
              "the wallet offers no GPU and no open service"};
  AITBC_TRY(add_gpus(context, provider, options, table));
  AITBC_TRY(add_services(context, provider, table));
  context.output().table(table);
  return {};
}

}  // namespace

void add_optimize_action(CLI::App& actions, Context& context) {
  add_command<OptimizeOptions>(
      actions, context, "optimize", "Compare a provider's prices with others' and with how much is booked",
      [](CLI::App& command, OptimizeOptions& options) {
        command.add_option("--wallet", options.wallet, "The provider's wallet (or its address)")->required();
        command.add_option("--metric", options.metric, "What to make good use of")
            ->check(CLI::IsMember({"utilization"}))
            ->capture_default_str();
        command.add_option("--period", options.period, "Bookings of the last 24h, 7d, ...")
            ->capture_default_str();
      },
      optimize);
}

}  // namespace aitbc::cli
