// What the records add up to.
#include <algorithm>

#include "marketplace/liveness.hpp"
#include "marketplace/models.hpp"
#include "marketplace/queried_directory.hpp"
#include "marketplace/query_page.hpp"

namespace aitbc::market {
namespace {

constexpr std::uint64_t kWhole = 10'000;  // basis points

// part / whole in basis points, null when there is no whole.
void write_share(JsonWriter& out, std::string_view name, std::uint64_t part, std::uint64_t whole) {
  out.key(name);
  if (whole == 0) {
    out.null();
    return;
  }
  const auto share = mul_div_floor(Amount(part), kWhole, whole);
  out.number(share ? static_cast<std::uint64_t>(share->units()) : kWhole);
}

// Silence so far, the present one included.
Seconds offline_seconds(const Liveness& liveness, Seconds now) {
  if (!liveness.watched || is_present(liveness, now)) return liveness.offline_total;
  const Seconds from = liveness.online ? liveness.alive_until : liveness.offline_from;
  return liveness.offline_total + (now > from ? now - from : 0);
}

Result<std::string> get_quality(Query& q) {
  AITBC_ASSIGN(const auto account, required(q.args.address("provider")));
  const auto provider = get_provider(q.context, account);
  if (!provider) return fail(to_error(provider.error()));
  const Seconds now = q.context.now();
  const Seconds known = now > provider->created_at ? now - provider->created_at : 0;
  const Seconds offline = std::min(offline_seconds(provider->liveness, now), known);
  const std::uint64_t broken = provider->faulted_bookings + provider->evicted_bookings;
  JsonWriter out;
  out.begin_object();
  write_json_member(out, "provider", provider->account);
  write_share(out, "uptimeBps", known - offline, known);
  write_json_member(out, "offlineSeconds", offline);
  write_json_member(out, "outages", provider->liveness.outages);
  write_json_member(out, "jailedUntil", provider->liveness.jailed_until);
  write_json_member(out, "closedBookings", provider->closed_bookings);
  write_json_member(out, "faultedBookings", provider->faulted_bookings);
  write_json_member(out, "evictedBookings", provider->evicted_bookings);
  write_share(out, "completionBps", provider->closed_bookings - std::min(broken, provider->closed_bookings),
              provider->closed_bookings);
  write_json_member(out, "closedServices", provider->closed_services);
  write_json_member(out, "completedJobs", provider->completed_jobs);
  write_json_member(out, "reviews", provider->reviews);
  write_average(out, "averageRating", Amount(provider->rating_sum), Amount(provider->reviews));
  write_json_member(out, "earned", provider->earned);
  out.end_object();
  return out.take();
}

struct PriceRange {
  Amount lowest;
  Amount highest;
  Amount average;
};

template <class PriceOf>
PriceRange range_of(const std::vector<GpuOffer>& gpus, PriceOf&& price_of) {
  PriceRange out{price_of(gpus[0]), price_of(gpus[0]), {}};
  Amount all;
  for (const GpuOffer& gpu : gpus) {
    out.lowest = std::min(out.lowest, price_of(gpu));
    out.highest = std::max(out.highest, price_of(gpu));
    all = checked_add(all, price_of(gpu)).value_or(Amount::max());
  }
  out.average = Amount::from_units(all.units() / gpus.size());
  return out;
}

void write_range(JsonWriter& out, const PriceRange& range) {
  write_json_member(out, "minPrice", range.lowest);
  write_json_member(out, "maxPrice", range.highest);
  write_json_member(out, "averagePrice", range.average);
}

// The cheapest that is free now, the better rated of equal ones.
GpuId recommended_gpu(const std::vector<GpuOffer>& gpus) {
  const GpuOffer* best = nullptr;
  for (const GpuOffer& gpu : gpus) {
    if (gpu.status != GpuStatus::available) continue;
    const bool better =
        best == nullptr || gpu.current_price < best->current_price ||
        (gpu.current_price == best->current_price && gpu.rating_hundredths > best->rating_hundredths);
    if (better) best = &gpu;
  }
  return best == nullptr ? GpuId{} : best->id;
}

void write_change(JsonWriter& out, Amount before, Amount after) {
  out.key("higher").boolean(after > before);
  const Amount change = after > before ? *checked_sub(after, before) : *checked_sub(before, after);
  write_json_member(out, "change", change);
  const auto bps = before.is_zero() ? std::nullopt : mul_div_floor(change, kWhole, before.units());
  out.key("changeBps");
  bps ? out.number(static_cast<std::uint64_t>(bps->units())) : out.null();
}

Result<std::string> get_pricing_report(Query& q) {
  const std::string model(*q.args.text("model"));
  const auto pricing = get_model_pricing(q.context, model);
  if (!pricing) return fail(to_error(pricing.error()));
  AITBC_ASSIGN(const QueriedDirectory directory, QueriedDirectory::of(q));
  const auto gpus = directory.get().gpus_of_model(model, q.context.params, q.context.now());
  JsonWriter out;
  out.begin_object().key("model").text(model).key("timestamp").number(q.context.now());
  if (!gpus.empty()) {
    const PriceRange asked = range_of(gpus, [](const GpuOffer& gpu) { return gpu.base_price; });
    const PriceRange now = range_of(gpus, [](const GpuOffer& gpu) { return gpu.current_price; });
    const auto available = std::count_if(
        gpus.begin(), gpus.end(), [](const GpuOffer& gpu) { return gpu.status == GpuStatus::available; });
    out.key("static").begin_object();
    write_range(out, asked);
    out.key("availableGpus").number(static_cast<std::uint64_t>(available));
    out.key("totalGpus").number(gpus.size());
    write_json_member(out, "recommendedGpu", recommended_gpu(gpus));
    out.end_object().key("dynamic").begin_object();
    write_range(out, now);
    out.end_object().key("comparison").begin_object();
    write_change(out, asked.average, now.average);
    out.end_object();
  }
  write_json_member(out, "index", pricing->stats.index);
  write_json_member(out, "recommendedPrice", pricing->recommended_price);
  write_json_member(out, "volatilityBps", pricing->volatility_bps);
  write_json_member(out, "confidenceBps", pricing->confidence_bps);
  out.key("demand").number(pricing->stats.busy).key("supply").number(pricing->stats.listed);
  out.key("gpus").begin_array();
  for (std::size_t i = 0; i < std::min<std::size_t>(gpus.size(), kDefaultPage); ++i) {
    out.begin_object();
    write_json_member(out, "id", gpus[i].id);
    write_json_member(out, "status", gpus[i].status);
    write_json_member(out, "basePrice", gpus[i].base_price);
    write_json_member(out, "currentPrice", gpus[i].current_price);
    out.end_object();
  }
  out.end_array();
  write_json_member(out, "history", pricing->history);
  out.end_object();
  return out.take();
}

}  // namespace

std::vector<QueryEntry> report_queries() {
  return {
      {{"market_getQuality",
        "How reliable a provider has been: uptime, completed bookings, faults, evictions, ratings.",
        {{"provider", "string", true, "address"}},
        "{uptimeBps, completionBps, ...}"},
       &get_quality},
      {{"market_getPricingReport",
        "What the GPUs of a model ask (static) and cost now by their strategies (dynamic), how the two "
        "compare, "
        "its price index with history, volatility and confidence, and the recommended price; the first 100 "
        "GPUs.",
        {{"model", "string", true, "exact name of the model"}},
        "{model, static, dynamic, comparison, index, recommendedPrice, volatilityBps, confidenceBps, gpus, "
        "history}"},
       &get_pricing_report},
  };
}

}  // namespace aitbc::market
