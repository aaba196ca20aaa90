// What the pricing strategies of the registry make of a price.
#include "marketplace/bid_book.hpp"
#include "marketplace/gpus.hpp"
#include "marketplace/json_form.hpp"
#include "marketplace/models.hpp"
#include "marketplace/pricing.hpp"
#include "marketplace/providers.hpp"
#include "marketplace/query_handlers.hpp"
#include "marketplace/services.hpp"

namespace aitbc::market {
namespace {

constexpr Seconds kHourSeconds = 3'600;
constexpr Seconds kHoursOfDay = 24;

struct Priced {
  Amount base;
  PricingContext context;
};

// Of a service: demand are the open bids on the open services of its category, supply those services without
// any.
Result<Priced> price_of_service(Query& q, ServiceId id) {
  const auto wanted = get_service(q.context, id);
  if (!wanted) return fail(to_error(wanted.error()));
  Priced out;
  out.base = wanted->service.spec.price;
  const std::uint64_t last = last_id(q.context.state, Kind::service);
  // The newest ones, if there are very many.
  const std::uint64_t first = last > kMaxScan ? last - kMaxScan + 1 : 1;
  for (std::uint64_t each = first; each <= last; ++each) {
    const auto view = get_service(q.context, ServiceId{each});
    if (!view || view->state != ServiceState::open) continue;
    if (view->service.spec.category != wanted->service.spec.category) continue;
    const BidBook book = load_book(q.context, TargetKind::service, each);
    out.context.demand += book.bids.size();
    out.context.supply += book.bids.empty() ? 1 : 0;
  }
  const Provider provider = existing_provider(q.context, wanted->service.provider);
  out.context.rating_hundredths = provider.reviews == 0 ? 0 : provider.rating_sum * 100 / provider.reviews;
  return out;
}

Result<Priced> price_of_gpu(Query& q, GpuId id) {
  const auto view = get_gpu(q.context, id);
  if (!view) return fail(to_error(view.error()));
  Priced out;
  out.base = view->gpu.spec.price_per_hour;
  const auto model = get_model_pricing(q.context, view->gpu.spec.model);
  if (!model) return fail(to_error(model.error()));
  out.context =
      pricing_context(model->stats, existing_provider(q.context, view->gpu.provider), q.context.now());
  return out;
}

Result<std::string> get_strategy_price(Query& q) {
  const std::string_view name = *q.args.text("strategy");
  const PricingStrategy* strategy = find_pricing_strategy(name);
  if (strategy == nullptr)
    return fail(ErrorCode::invalid_input,
                "strategy: the chain has no '" + std::string(name) + "', see market_listPricingStrategies");
  const bool is_service = q.args.text("id")->starts_with(prefix_of(Kind::service));
  Priced priced;
  if (is_service) {
    AITBC_ASSIGN(const auto id, required(q.args.id("id", Kind::service)));
    AITBC_ASSIGN(priced, price_of_service(q, ServiceId{id}));
    priced.context.hour = static_cast<unsigned>(q.context.now() / kHourSeconds % kHoursOfDay);
  } else {
    AITBC_ASSIGN(const auto id, required(q.args.id("id", Kind::gpu)));
    AITBC_ASSIGN(priced, price_of_gpu(q, GpuId{id}));
  }
  JsonWriter out;
  out.begin_object().key("strategy").text(strategy->name);
  write_json_member(out, "basePrice", priced.base);
  write_json_member(out, "price", strategy_price(*strategy, priced.base, priced.context));
  write_json_member(out, "demand", priced.context.demand);
  write_json_member(out, "supply", priced.context.supply);
  write_json_member(out, "hour", std::uint64_t{priced.context.hour});
  write_json_member(out, "ratingHundredths", priced.context.rating_hundredths);
  write_json_member(out, "index", priced.context.index);
  out.end_object();
  return out.take();
}

}  // namespace

std::vector<QueryEntry> pricing_queries() {
  return {
      {{"market_getStrategyPrice",
        "What a pricing strategy makes of the price of a GPU or an open service, as the market stands.",
        {{"id", "string", true, "\"gpu_12\" or \"svc_3\""}, {"strategy", "string", true, "of the registry"}},
        "{basePrice, price, demand, supply, hour, ratingHundredths, index}"},
       &get_strategy_price},
  };
}

}  // namespace aitbc::market
