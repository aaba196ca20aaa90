// To add an auction type, write its file and add its line here.
#include <algorithm>
#include <array>

#include "marketplace/auction_types.hpp"

namespace aitbc::market {

std::span<const AuctionType> auction_types() {
  static const std::array kTypes = {kDutchAuction, kEnglishAuction, kSealedAuction, kProcurementAuction};
  return kTypes;
}

}  // namespace aitbc::market
