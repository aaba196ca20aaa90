// The market as a whole: statistics, prices, categories.
#include <algorithm>
#include <array>

#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

constexpr std::size_t kMaxSeen = 10'000;

constexpr std::array kStats{
    OutField{"totalOffers", "offers", Form::integer, "offers ever made"},
    OutField{"openCapacity", "capacity", Form::integer, "units that open offers have left"},
    OutField{"averagePrice", "price", Form::amount, "AIT an hour, mean over open offers"},
    OutField{"activeBids", "bids", Form::integer, "bids that wait for an answer"},
};
constexpr Shape kStatsShape{"MarketStats", kStats};

Amount mean(const std::vector<Amount>& prices) {
  Amount sum;
  for (const Amount price : prices) sum = checked_add(sum, price).value_or(Amount::max());
  return prices.empty() ? Amount() : mul_div_floor(sum, 1, prices.size()).value_or(Amount::max());
}

RestResult<Page> get_stats(const RestBackend& backend) {
  REST_ASSIGN(const Answer stats, ask(backend, "market_getStats", Params()));
  REST_ASSIGN(const auto offers,
              ask_all(backend, "market_listOffers", Params().text("state", "open"), kMaxSeen));
  std::uint64_t capacity = 0;
  std::vector<Amount> prices;
  for (const Answer& offer : offers) {
    capacity += at_path(offer.json(), "spec.capacity").u64().value_or(0) -
                offer.json().find("reserved").u64().value_or(0);
    REST_ASSIGN(const Amount price, parse_units(offer.json().find("pricePerHour").string()));
    prices.push_back(price);
  }
  Params out;
  out.raw("offers", stats.json().find("totalOffers").text())
      .raw("bids", stats.json().find("openBids").text());
  out.number("capacity", capacity).amount("price", mean(prices));
  return Page{Answer::parse(out.json()), {}, {}};
}

// ---- prices

constexpr std::array kStaticPricing{
    OutField{"min_price", "asked.min", Form::amount, "lowest asked, AIT an hour"},
    OutField{"max_price", "asked.max", Form::amount, "highest asked"},
    OutField{"average_price", "asked.mean", Form::amount, "mean asked"},
    OutField{"available_gpus", "available", Form::integer, "GPUs free now"},
    OutField{"total_gpus", "total", Form::integer, "GPUs listed"},
    OutField{"recommended_gpu", "best", Form::text, "the cheapest one that is free", true},
};
constexpr Shape kStaticPricingShape{"StaticPricing", kStaticPricing};
constexpr std::array kDynamicPricing{
    OutField{"min_price", "now.min", Form::amount, "lowest present price, AIT an hour"},
    OutField{"max_price", "now.max", Form::amount, "highest"},
    OutField{"average_price", "now.mean", Form::amount, "mean"},
    OutField{"price_volatility", "pricing.volatilityBps", Form::bps,
             "mean change of the index between epochs"},
    OutField{"avg_confidence", "pricing.confidenceBps", Form::bps, "0 to 1: how much the index rests on"},
    OutField{"recommended_price", "pricing.recommendedPrice", Form::amount,
             "AIT an hour; 0 before there is an index"},
};
constexpr Shape kDynamicPricingShape{"DynamicPricing", kDynamicPricing};
constexpr std::array kComparison{
    OutField{"average_asked", "asked.mean", Form::amount, "AIT an hour"},
    OutField{"average_now", "now.mean", Form::amount, "AIT an hour"},
    OutField{"price_index", "pricing.index", Form::amount, "AIT an hour, of closed bookings"},
};
constexpr Shape kComparisonShape{"PriceComparison", kComparison};
constexpr std::array kGpuPrice{
    OutField{"gpu_id", "id", Form::text, "id of the GPU"},
    OutField{"static_price", "pricePerHour", Form::amount, "AIT an hour as asked"},
    OutField{"dynamic_price", "currentPricePerHour", Form::amount, "AIT an hour now"},
    OutField{"strategy", "pricingStrategy", Form::text, "its pricing strategy"},
    OutField{"status", "status", Form::text, "its present status"},
    OutField{"region", "region", Form::text, "where it stands"},
};
constexpr Shape kGpuPriceShape{"GpuPrice", kGpuPrice};
constexpr std::array kAnalysis{
    OutField{"demand", "pricing.busy", Form::integer, "GPUs of the model that are booked"},
    OutField{"supply", "pricing.listed", Form::integer, "GPUs of the model that are listed"},
};
constexpr Shape kAnalysisShape{"MarketAnalysis", kAnalysis};
constexpr std::array kPricePoint{
    OutField{"timestamp", "end", Form::time, "end of the epoch"},
    OutField{"price", "index", Form::amount, "AIT an hour"},
    OutField{"bookings", "bookings", Form::integer, "closed in it"},
};
constexpr Shape kPricePointShape{"PricePoint", kPricePoint};
constexpr std::array kPricing{
    OutField{"model", "model", Form::text, "the GPUs' model"},
    OutField{"static_pricing", "", Form::object, "as providers ask", false, &kStaticPricingShape},
    OutField{"dynamic_pricing", "", Form::object, "as strategies make of it", false, &kDynamicPricingShape},
    OutField{"price_comparison", "", Form::object, "asked, present and paid", false, &kComparisonShape},
    OutField{"individual_gpu_pricing", "gpus", Form::objects, "each GPU of the model", false,
             &kGpuPriceShape},
    OutField{"market_analysis", "", Form::object, "demand and supply", false, &kAnalysisShape},
    OutField{"history", "pricing.history", Form::objects, "the index, epoch by epoch", false,
             &kPricePointShape},
    OutField{"pricing_timestamp", "at", Form::time, "when this was so"},
};
constexpr Shape kPricingShape{"ModelPricing", kPricing};

struct Prices {
  std::vector<Amount> all;
  std::string json() const {
    const auto [low, high] = std::minmax_element(all.begin(), all.end());
    return Params().amount("min", *low).amount("max", *high).amount("mean", mean(all)).json();
  }
};

RestResult<Page> get_pricing(const RestBackend& backend, const std::string& model) {
  REST_ASSIGN(const auto gpus, ask_all(backend, "market_listGpus", Params().text("model", model), kMaxSeen));
  Prices asked;
  Prices present;
  std::uint64_t available = 0;
  std::optional<Amount> lowest;
  std::string best = "null";
  std::string list;
  for (const Answer& gpu : gpus) {
    const std::string_view status = gpu.json().find("status").string();
    if (status == "retired" || status == "delisted") continue;
    REST_ASSIGN(const Amount base, parse_units(gpu.json().find("pricePerHour").string()));
    REST_ASSIGN(const Amount now, parse_units(gpu.json().find("currentPricePerHour").string()));
    asked.all.push_back(base);
    present.all.push_back(now);
    list += (list.empty() ? "" : ",") + gpu.text();
    if (status != "available") continue;
    ++available;
    if (lowest && *lowest <= now) continue;
    lowest = now;
    best = gpu.json().find("id").text();
  }
  if (asked.all.empty()) return refuse(404, "no GPU of model " + model + " is on the market");
  REST_ASSIGN(const Answer pricing, ask(backend, "market_getPricing", Params().text("model", model)));
  Params out;
  out.text("model", model)
      .raw("asked", asked.json())
      .raw("now", present.json())
      .number("available", available);
  out.number("total", asked.all.size()).raw("best", best).raw("gpus", "[" + list + "]");
  out.raw("pricing", pricing.text())
      .number("at", std::max(backend.now(), backend.chain.view()->head.timestamp));
  return Page{Answer::parse(out.json()), {}, {}};
}

// ---- categories

constexpr std::array kRequirement{
    OutField{"type", "type", Form::text, "gpu, cpu, memory or storage"},
    OutField{"minimum", "minimum", Form::integer, "at least"},
    OutField{"recommended", "recommended", Form::integer, "better"},
    OutField{"unit", "unit", Form::text, "of both"},
};
constexpr Shape kRequirementShape{"Requirement", kRequirement};
constexpr std::array kCategoryPricing{
    OutField{"type", "type", Form::text, "fixed, hourly or per-unit"},
    OutField{"basePrice", "basePrice", Form::amount, "AIT"},
    OutField{"unitPrice", "unitPrice", Form::amount, "AIT"},
};
constexpr Shape kCategoryPricingShape{"CategoryPricing", kCategoryPricing};
constexpr std::array kCategory{
    OutField{"id", "id", Form::text, "id of the category"},
    OutField{"name", "name", Form::text, "for people"},
    OutField{"icon", "icon", Form::text, "name of an icon"},
    OutField{"description", "description", Form::text, "for people"},
    OutField{"requirements", "requirements", Form::objects, "of the hardware", false, &kRequirementShape},
    OutField{"pricing", "pricing", Form::object, "how it is usually priced", false, &kCategoryPricingShape},
};
constexpr Shape kCategoryShape{"Category", kCategory};

}  // namespace

void register_market_routes(Registry& registry) {
  registry.read(
      {"get_stats", "GET", "/v1/marketplace/stats", "market", "The market in four figures", &kStatsShape},
      [](const RestBackend& backend) { return get_stats(backend); });
  registry.read(
      {"get_pricing",
       "GET",
       "/v1/marketplace/pricing/{model}",
       "market",
       "Prices of a GPU model",
       &kPricingShape,
       200,
       false,
       {404}},
      [](const RestBackend& backend, const std::string& model) { return get_pricing(backend, model); });
  registry.read({"list_categories", "GET", "/v1/marketplace/categories", "market",
                 "The registry of categories", &kCategoryShape, 200, true},
                [](const RestBackend& backend) -> RestResult<Page> {
                  REST_ASSIGN(Answer all, ask(backend, "market_listCategories", Params()));
                  return Page{std::move(all), "", {}};
                });
}

}  // namespace aitbc::rest
