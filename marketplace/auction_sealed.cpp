// Sealed second price: bids are committed with a bond, then revealed; the highest wins at the second highest.
// Bonds of bids that are not revealed are burned, so that nobody gains by bidding against himself.
#include <algorithm>
#include <array>

#include "marketplace/auction_types.hpp"

namespace aitbc::market {
namespace {

constexpr std::array kParameters = {
    ParameterSpec{"reservePrice", "base units", Amount(1), Amount::max(), Amount::ait(1), "the lowest price"},
    ParameterSpec{"bond", "base units", Amount(1), Amount::max(), Amount::ait(1),
                  "locked until the bid is revealed"},
    ParameterSpec{"commitTime", "seconds", Amount(1), Amount(2'592'000), Amount(43'200), "for sealed bids"},
    ParameterSpec{"revealTime", "seconds", Amount(1), Amount(2'592'000), Amount(43'200), "for opening them"},
};

Seconds reveal_begins(const Auction& auction) {
  return auction.created_at + static_cast<Seconds>(auction.parameter("commitTime").units());
}

Seconds first_deadline(const Auction& auction) {
  return reveal_begins(auction) + static_cast<Seconds>(auction.parameter("revealTime").units());
}

Amount price(const Auction& auction, Seconds) { return auction.parameter("reservePrice"); }

std::optional<Seconds> next_change(const Auction& auction, Seconds now) {
  return now < reveal_begins(auction) ? std::optional(reveal_begins(auction)) : std::nullopt;
}

auto find_bid(Auction& auction, const Address& bidder) {
  return std::find_if(auction.bids.begin(), auction.bids.end(),
                      [&](const AuctionBid& each) { return each.bidder == bidder; });
}

MoveOrRefusal commit(Auction& auction, const Address& bidder, const Hash& commitment, Seconds now) {
  if (now >= reveal_begins(auction)) return tl::unexpected(Refusal{"the time for sealed bids is over", {}});
  if (find_bid(auction, bidder) != auction.bids.end())
    return tl::unexpected(Refusal{"the caller has a sealed bid already", {}});
  if (auction.bids.size() >= kMaxAuctionBids) return tl::unexpected(Refusal{"there are 64 sealed bids", {}});
  Move move;
  move.lock = auction.parameter("bond");
  auction.bids.push_back({bidder, {}, commitment, move.lock});
  return move;
}

// The leader is the bid with money in it.
auto find_leader(Auction& auction) {
  return std::find_if(auction.bids.begin(), auction.bids.end(),
                      [](const AuctionBid& each) { return !each.amount.is_zero(); });
}

// Whoever reveals must have the money, leading or not: it is locked, and goes back at once unless it leads.
MoveOrRefusal reveal(Auction& auction, const Address& bidder, Amount amount, Seconds now) {
  if (now < reveal_begins(auction))
    return tl::unexpected(Refusal{"bids are revealed when the time for sealed bids is over", {}});
  const auto own = find_bid(auction, bidder);
  Move move;
  move.lock = amount;
  move.refunds.push_back({bidder, own->bond});
  own->bond = {};
  const auto leader = find_leader(auction);
  if (amount < auction.parameter("reservePrice")) {
    move.refunds.push_back({bidder, amount});
  } else if (leader != auction.bids.end() && leader->amount >= amount) {
    auction.second_price = std::max(auction.second_price, amount);
    move.refunds.push_back({bidder, amount});
  } else {
    if (leader != auction.bids.end()) {
      auction.second_price = leader->amount;
      move.refunds.push_back({leader->bidder, leader->amount});
      leader->amount = {};
    }
    own->amount = amount;
  }
  return move;
}

Move close(Auction& auction) {
  Move move;
  for (AuctionBid& each : auction.bids) {
    move.burn = checked_add(move.burn, each.bond).value_or(Amount::max());
    each.bond = {};
  }
  const auto leader = find_leader(auction);
  if (leader == auction.bids.end()) return move;
  move.winner = leader->bidder;
  move.price = std::max(auction.second_price, auction.parameter("reservePrice"));
  move.refunds.push_back({leader->bidder, *checked_sub(leader->amount, move.price)});
  return move;
}

}  // namespace

const AuctionType kSealedAuction = {
    .name = "sealed",
    .meaning = "Sealed bids; the highest wins at the price of the second highest.",
    .parameters = kParameters,
    .check = &accept_parameters,
    .deposit = &no_deposit,
    .first_deadline = &first_deadline,
    .price = &price,
    .next_change = &next_change,
    .commit = &commit,
    .reveal = &reveal,
    .close = &close,
};

}  // namespace aitbc::market
