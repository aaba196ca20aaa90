// To add a pricing strategy, write its function and add its line here.
#include <array>

#include "marketplace/pricing.hpp"
#include "marketplace/pricing_strategies.hpp"

namespace aitbc::market {

std::span<const PricingStrategy> pricing_strategies() {
  static constexpr std::array kStrategies = {
      PricingStrategy{"fixed", "What the provider asks.", &fixed_price},
      PricingStrategy{
          "dynamic",
          "x1.5 when demand is more than twice the supply, x1.2 from 9 to 17 hours UTC, x1.1 for ratings "
          "of 4.5 and more.",
          &dynamic_price},
      PricingStrategy{
          "market-balance",
          "Between the asked price and the price index, higher as fewer than three in ten are free.",
          &market_balance_price},
      PricingStrategy{"aggressive-growth", "Cheaper while few are booked.", &aggressive_growth_price},
      PricingStrategy{"profit-maximization", "Dearer as more are booked, and in working hours.",
                      &profit_maximization_price},
      PricingStrategy{"competitive-response", "Two percent under the price index.",
                      &competitive_response_price},
      PricingStrategy{"demand-elasticity",
                      "In proportion to how many are booked, half being the asked price.",
                      &demand_elasticity_price},
  };
  return kStrategies;
}

}  // namespace aitbc::market
