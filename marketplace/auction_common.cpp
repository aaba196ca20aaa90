#include <algorithm>

#include "marketplace/auction_types.hpp"

namespace aitbc::market {

const AuctionType* find_auction_type(std::string_view name) {
  const auto types = auction_types();
  const auto at =
      std::find_if(types.begin(), types.end(), [&](const auto& type) { return type.name == name; });
  return at == types.end() ? nullptr : &*at;
}

std::optional<ParameterFault> accept_parameters(const Auction&) { return std::nullopt; }
Amount no_deposit(const Auction&) { return {}; }
Seconds end_of_lifetime(const Auction& auction) { return auction.created_at + auction.spec.lifetime; }
std::optional<Seconds> never_changes(const Auction&, Seconds) { return std::nullopt; }

Amount stepped_price(const Auction& auction, Seconds now, Amount step, Seconds interval, Amount limit) {
  const Amount start = auction.parameter("startPrice");
  const auto moved = checked_mul(step, (now - auction.created_at) / interval);
  if (!moved) return limit;
  if (start < limit) {
    const auto risen = checked_add(start, *moved);
    return risen ? std::min(*risen, limit) : limit;
  }
  const auto fallen = checked_sub(start, *moved);
  return fallen ? std::max(*fallen, limit) : limit;
}

std::optional<Seconds> next_step(const Auction& auction, Seconds now, Seconds interval) {
  const Seconds next = auction.created_at + ((now - auction.created_at) / interval + 1) * interval;
  return next < auction.deadline ? std::optional(next) : std::nullopt;
}

}  // namespace aitbc::market
