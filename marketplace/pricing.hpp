// The registry of pricing strategies: what a GPU costs now, given what its provider asks and how the market
// stands.
#pragma once

#include <span>
#include <string_view>

#include "base/amount.hpp"
#include "base/bytes.hpp"

namespace aitbc::market {

struct PricingContext {
  std::uint64_t demand = 0;             // GPUs of the model that are booked now
  std::uint64_t supply = 0;             // GPUs of the model that are listed and free
  unsigned hour = 0;                    // of the day, UTC
  std::uint64_t rating_hundredths = 0;  // of the provider; 0 when unrated
  Amount index;                         // the model's price index; zero before there is one

  std::uint64_t utilisation_bps() const;
};

struct PricingStrategy {
  std::string_view name;
  std::string_view meaning;
  // Pure, in integers. The result is clamped to half and one and a half of the base price.
  Amount (*price)(Amount base, const PricingContext& context);
};

// In order of name; the first one is "fixed".
std::span<const PricingStrategy> pricing_strategies();
// nullptr when there is none.
const PricingStrategy* find_pricing_strategy(std::string_view name);
// Applies a strategy of the registry and the clamp.
Amount strategy_price(const PricingStrategy& strategy, Amount base, const PricingContext& context);
// amount * bps / 10000, rounded down; the amount itself when that overflows.
Amount scaled(Amount amount, std::uint64_t bps);

}  // namespace aitbc::market
