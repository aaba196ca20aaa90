// The three registries of a market with an auction type, a strategy and a category of its own. This program
// is linked with them in the place of the market's (auction_registry.cpp, pricing_registry.cpp,
// category_registry.cpp); who extends the market adds the line there.
#include <array>

#include "extensions.hpp"
#include "marketplace/pricing_strategies.hpp"

namespace aitbc::market {
namespace {

constexpr std::array kSimulation = {Requirement{Resource::cpu, 32, 128, "cores"},
                                    Requirement{Resource::memory, 128, 512, "GB"}};

}  // namespace

std::span<const AuctionType> auction_types() {
  static const std::array kTypes = {kDutchAuction, kEnglishAuction, kSealedAuction, kProcurementAuction,
                                    kBuyNowAuction};
  return kTypes;
}

std::span<const PricingStrategy> pricing_strategies() {
  static constexpr std::array kStrategies = {
      PricingStrategy{"fixed", "What the provider asks.", &fixed_price},
      PricingStrategy{"market-balance", "Between the asked price and the index.", &market_balance_price},
      PricingStrategy{"night", "A fifth less from 22 to 6 hours UTC.", &night_price},
  };
  return kStrategies;
}

std::span<const Category> categories() {
  static constexpr std::array kCategories = {
      Category{"climate-simulation", "Climate Simulation", "globe", "Weather and climate models", kSimulation,
               PricingModel::per_unit, 50'000, 10},
      Category{"gpu-rental", "GPU Rental", "chip", "A GPU by the hour, for any work", kSimulation,
               PricingModel::hourly, 5'000, 0},
  };
  return kCategories;
}

Amount night_price(Amount base, const PricingContext& context) {
  return context.hour >= 22 || context.hour < 6 ? scaled(base, 8'000) : base;
}

}  // namespace aitbc::market
