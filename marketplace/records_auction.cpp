#include "marketplace/records_auction.hpp"

#include "base/check.hpp"

namespace aitbc::market {

Amount Auction::parameter(std::string_view name) const {
  for (const AuctionParameter& each : spec.parameters)
    if (each.name == name) return each.value;
  AITBC_CHECK(false, "an auction misses a parameter of its type");
}

AuctionState state_of(const Auction& auction, Seconds now) {
  const bool overdue = auction.state == AuctionState::open && now >= auction.deadline;
  return overdue ? AuctionState::closing : auction.state;
}

std::optional<Seconds> deadline_of(const Auction& auction) {
  return auction.state == AuctionState::open ? std::optional(auction.deadline) : std::nullopt;
}

}  // namespace aitbc::market
