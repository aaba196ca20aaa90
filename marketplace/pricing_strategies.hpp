// The functions behind the pricing strategies' names.
#pragma once

#include "marketplace/pricing.hpp"

namespace aitbc::market {

Amount fixed_price(Amount base, const PricingContext& context);
Amount dynamic_price(Amount base, const PricingContext& context);
Amount market_balance_price(Amount base, const PricingContext& context);
Amount aggressive_growth_price(Amount base, const PricingContext& context);
Amount profit_maximization_price(Amount base, const PricingContext& context);
Amount competitive_response_price(Amount base, const PricingContext& context);
Amount demand_elasticity_price(Amount base, const PricingContext& context);

}  // namespace aitbc::market
