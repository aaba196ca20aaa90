// The auction engine: any type of the registry, money and deadlines.
#pragma once

#include "marketplace/auction_types.hpp"
#include "marketplace/context.hpp"

namespace aitbc::market {

// ---- calls
Outcome<AuctionId> create_auction(Context& c, const AuctionSpec& spec);
// An open bid: what it means is the type's affair (dutch: the maximum, english: the bid, procurement: the
// minimum).
Outcome<void> bid_auction(Context& c, AuctionId id, Amount amount);
// A sealed bid: commitment = keccak256(abi.encode(auctionId, bidder, amount, salt)).
Outcome<void> commit_bid(Context& c, AuctionId id, const Hash& commitment);
Outcome<void> reveal_bid(Context& c, AuctionId id, Amount amount, const Hash& salt);
// By the creator, while nobody has bid.
Outcome<void> cancel_auction(Context& c, AuctionId id);

// ---- views
struct AuctionView {
  static constexpr std::string_view kName = "AuctionView";
  Auction auction;
  AuctionState state = AuctionState::open;
  Amount current_price;
  Seconds next_change = 0;  // when the price changes by itself; 0: it does not
  static constexpr auto kFields = FlatTuple(
      field("auction", &AuctionView::auction), field("state", &AuctionView::state),
      field("currentPrice", &AuctionView::current_price), field("nextChange", &AuctionView::next_change));
};
Outcome<AuctionView> get_auction(Context& c, AuctionId id);
Outcome<Hash> bid_commitment(Context& c, AuctionId id, const Address& bidder, Amount amount,
                             const Hash& salt);

// ---- for the rest of the module
void auction_due(Context& c, AuctionId id);
// Closes the GPU's auction first if its time is over. Whoever won it comes before all who book, extend or end
// something on the GPU later, however late the closing is processed.
Gpu after_auction(Context& c, Gpu gpu);
// The same for who needs to know nothing else of the GPU.
void close_due_auction(Context& c, GpuId gpu);

}  // namespace aitbc::market
