// What the market of this test has beyond the one that comes with the node.
#pragma once

#include "marketplace/auction_types.hpp"
#include "marketplace/categories.hpp"
#include "marketplace/pricing.hpp"

namespace aitbc::market {

extern const AuctionType kBuyNowAuction;
Amount night_price(Amount base, const PricingContext& context);

}  // namespace aitbc::market
