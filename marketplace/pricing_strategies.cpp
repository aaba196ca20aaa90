#include "marketplace/pricing_strategies.hpp"

#include <algorithm>

namespace aitbc::market {
namespace {

constexpr std::uint64_t kWhole = 10'000;

// 9:00 to 16:59 UTC.
bool is_peak(unsigned hour) { return hour >= 9 && hour < 17; }

}  // namespace

std::uint64_t PricingContext::utilisation_bps() const {
  const std::uint64_t all = demand + supply;
  return all == 0 ? 0 : demand * kWhole / all;
}

Amount scaled(Amount amount, std::uint64_t bps) {
  return mul_div_floor(amount, bps, kWhole).value_or(amount);
}

Amount fixed_price(Amount base, const PricingContext&) { return base; }

Amount dynamic_price(Amount base, const PricingContext& context) {
  Amount price = base;
  if (context.demand > 2 * context.supply) price = scaled(price, 15'000);
  if (is_peak(context.hour)) price = scaled(price, 12'000);
  if (context.rating_hundredths >= 450) price = scaled(price, 11'000);
  return price;
}

Amount market_balance_price(Amount base, const PricingContext& context) {
  // Half of the distance to seven in ten, up or down.
  const std::uint64_t factor = kWhole - 3'500 + context.utilisation_bps() / 2;
  if (context.index.is_zero()) return scaled(base, factor);
  const auto both = checked_add(base, context.index);
  return both ? scaled(Amount::from_units(both->units() / 2), factor) : base;
}

Amount aggressive_growth_price(Amount base, const PricingContext& context) {
  const std::uint64_t utilisation = context.utilisation_bps();
  if (utilisation < 5'000) return scaled(base, 8'000);
  return utilisation < 8'000 ? scaled(base, 9'000) : base;
}

Amount profit_maximization_price(Amount base, const PricingContext& context) {
  const std::uint64_t factor = kWhole + context.utilisation_bps() * 3 / 10;
  return scaled(base, is_peak(context.hour) ? factor + 1'000 : factor);
}

Amount competitive_response_price(Amount base, const PricingContext& context) {
  return context.index.is_zero() ? base : scaled(context.index, 9'800);
}

Amount demand_elasticity_price(Amount base, const PricingContext& context) {
  return scaled(base, 6'000 + context.utilisation_bps() * 8 / 10);
}

const PricingStrategy* find_pricing_strategy(std::string_view name) {
  const auto all = pricing_strategies();
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  return at == all.end() ? nullptr : &*at;
}

Amount strategy_price(const PricingStrategy& strategy, Amount base, const PricingContext& context) {
  // At least one base unit: nothing is free.
  const Amount lowest = std::max(scaled(base, 5'000), Amount(1));
  return std::clamp(strategy.price(base, context), lowest, std::max(scaled(base, 15'000), lowest));
}

}  // namespace aitbc::market
