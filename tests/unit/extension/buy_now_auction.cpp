// An auction type as docs/extending.md makes it: the highest bid wins at the end, and whoever bids buyNow
// wins at once.
#include <algorithm>
#include <array>

#include "extensions.hpp"

namespace aitbc::market {
namespace {

constexpr std::array kParameters = {
    ParameterSpec{"startPrice", "base units", Amount(1), Amount::max(), Amount::ait(1), "of the first bid"},
    ParameterSpec{"buyNow", "base units", Amount(1), Amount::max(), Amount::ait(100), "wins at once"},
};

std::optional<ParameterFault> check(const Auction& auction) {
  if (auction.parameter("startPrice") < auction.parameter("buyNow")) return std::nullopt;
  return ParameterFault{"buyNow", "must be more than startPrice"};
}

// What the next bid must offer at least.
Amount price(const Auction& auction, Seconds) {
  if (auction.bids.empty()) return auction.parameter("startPrice");
  return checked_add(auction.bids[0].amount, Amount(1)).value_or(Amount::max());
}

MoveOrRefusal bid(Auction& auction, const Address& bidder, Amount amount, Seconds now) {
  const Amount buy_now = auction.parameter("buyNow");
  if (amount < price(auction, now))
    return tl::unexpected(Refusal{"somebody bid as much", price(auction, now)});
  Move move;
  if (!auction.bids.empty()) move.refunds.push_back({auction.bids[0].bidder, auction.bids[0].amount});
  move.lock = std::min(amount, buy_now);
  auction.bids = {{bidder, move.lock, {}, {}}};
  if (move.lock == buy_now) {
    move.winner = bidder;
    move.price = buy_now;
  }
  return move;
}

Move close(Auction& auction) {
  Move move;
  if (auction.bids.empty()) return move;
  move.winner = auction.bids[0].bidder;
  move.price = auction.bids[0].amount;
  return move;
}

}  // namespace

const AuctionType kBuyNowAuction = {
    .name = "buy-now",
    .meaning = "The highest bid wins at the end; whoever bids buyNow wins at once.",
    .parameters = kParameters,
    .check = &check,
    .deposit = &no_deposit,
    .first_deadline = &end_of_lifetime,
    .price = &price,
    .next_change = &never_changes,
    .bid = &bid,
    .close = &close,
};

}  // namespace aitbc::market
