// Bids: money locked as an offer for a GPU or a service. It always comes back by itself unless the bid wins.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// ---- calls
// duration: of the booking that a bid on a GPU asks for, of the work that one on an offer asks for; 0 on a
// service. ttl 0: the parameter's default.
Outcome<BidId> place_bid(Context& c, std::uint8_t target_kind, std::uint64_t target, Amount amount,
                         std::uint64_t capacity, Seconds duration, const std::string& notes, Seconds ttl);
// Returns the booking that a bid on a GPU became, none for a service or an offer.
Outcome<BookingId> accept_bid(Context& c, BidId id);
Outcome<void> withdraw_bid(Context& c, BidId id);

// ---- views
struct BidView {
  static constexpr std::string_view kName = "BidView";
  Bid bid;
  BidState state = BidState::open;
  static constexpr auto kFields = FlatTuple(field("bid", &BidView::bid), field("state", &BidView::state));
};
Outcome<BidView> get_bid(Context& c, BidId id);

// ---- for the rest of the module
// The target takes no more bids: the open ones lose, and those that were due before expire.
void close_bids(Context& c, TargetKind kind, std::uint64_t target, Seconds now);
void bid_due(Context& c, BidId id);

}  // namespace aitbc::market
