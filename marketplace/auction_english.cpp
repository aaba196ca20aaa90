// English: each bid beats the last by the increment, whose money goes back at once; late bids extend the end.
#include <array>

#include "marketplace/auction_types.hpp"

namespace aitbc::market {
namespace {

constexpr std::array kParameters = {
    ParameterSpec{"startPrice", "base units", Amount(1), Amount::max(), Amount::ait(1), "of the first bid"},
    ParameterSpec{"minimumIncrement", "base units", Amount(1), Amount::max(), Amount::ait(1), "between bids"},
    ParameterSpec{"reservePrice", "base units", Amount(0), Amount::max(), Amount(0),
                  "below it nothing is sold; 0 for none"},
    ParameterSpec{"extension", "seconds", Amount(0), Amount(86'400), Amount(300),
                  "a bid within this of the end moves the end to this after it"},
    ParameterSpec{"maxExtension", "seconds", Amount(0), Amount(604'800), Amount(3'600),
                  "how far the end moves at most"},
};

Seconds seconds(const Auction& auction, std::string_view name) {
  return static_cast<Seconds>(auction.parameter(name).units());
}

// What the next bid must offer; nullopt when nothing fits in 128 bits.
std::optional<Amount> minimum(const Auction& auction) {
  if (auction.bids.empty()) return auction.parameter("startPrice");
  return checked_add(auction.bids[0].amount, auction.parameter("minimumIncrement"));
}

Amount price(const Auction& auction, Seconds) { return minimum(auction).value_or(Amount::max()); }

MoveOrRefusal bid(Auction& auction, const Address& bidder, Amount amount, Seconds now) {
  const auto least = minimum(auction);
  if (!least || amount < *least)
    return tl::unexpected(Refusal{"the bid is below the minimum", least.value_or(Amount::max())});
  Move move;
  move.lock = amount;
  if (!auction.bids.empty()) move.refunds.push_back({auction.bids[0].bidder, auction.bids[0].amount});
  auction.bids = {{bidder, amount, {}, {}}};
  const Seconds last = end_of_lifetime(auction) + seconds(auction, "maxExtension");
  const Seconds wanted = std::min(now + seconds(auction, "extension"), last);
  auction.deadline = std::max(auction.deadline, wanted);
  return move;
}

Move close(Auction& auction) {
  Move move;
  if (auction.bids.empty()) return move;
  const AuctionBid leader = auction.bids[0];
  if (leader.amount < auction.parameter("reservePrice")) {
    move.refunds.push_back({leader.bidder, leader.amount});
  } else {
    move.winner = leader.bidder;
    move.price = leader.amount;
  }
  return move;
}

}  // namespace

const AuctionType kEnglishAuction = {
    .name = "english",
    .meaning = "The highest bid wins; who is outbid has the money back at once.",
    .parameters = kParameters,
    .check = &accept_parameters,
    .deposit = &no_deposit,
    .first_deadline = &end_of_lifetime,
    .price = &price,
    .next_change = &never_changes,
    .bid = &bid,
    .close = &close,
};

}  // namespace aitbc::market
