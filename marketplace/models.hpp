// Models as markets: counts for pricing, and the price index.
#pragma once

#include "marketplace/context.hpp"
#include "marketplace/pricing.hpp"

namespace aitbc::market {

// ---- for the rest of the module
void count_listed(Context& c, const std::string& model, bool listed);
void count_busy(Context& c, const std::string& model, bool busy);
// A booking was closed: what was paid for the time used counts in the epoch of closed_at.
void record_usage(Context& c, const std::string& model, const Booking& booking, Amount gross);
// The next step of working out an epoch's index: one pair of customer and provider.
void model_due(Context& c, ModelNumber number, Seconds end);
// What a booking made now pays.
Amount price_now(Context& c, const Gpu& gpu, const Provider& provider);

// ---- views
struct ModelPricing {
  static constexpr std::string_view kName = "ModelPricing";
  ModelStats stats;
  Amount recommended_price;          // zero while the model has no index
  std::uint64_t volatility_bps = 0;  // mean change of the index from epoch to epoch
  std::uint64_t confidence_bps = 0;  // grows with the bookings counted, shrinks with volatility
  std::vector<PricePoint> history;
  static constexpr auto kFields = FlatTuple(
      field("stats", &ModelPricing::stats), field("recommendedPrice", &ModelPricing::recommended_price),
      field("volatilityBps", &ModelPricing::volatility_bps),
      field("confidenceBps", &ModelPricing::confidence_bps), field("history", &ModelPricing::history));
};
Outcome<ModelPricing> get_model_pricing(Context& c, const std::string& model);
PricingContext pricing_context(const ModelStats& stats, const Provider& provider, Seconds now);

}  // namespace aitbc::market
