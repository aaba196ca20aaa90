// What an auction type is made of. A type is a file of pure functions and one line of the registry; the
// engine (auctions.cpp) moves the money and keeps the deadlines.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "marketplace/records_auction.hpp"

namespace aitbc::market {

struct ParameterSpec {
  std::string_view name;
  std::string_view unit;  // "base units", "seconds", "count"
  Amount minimum;
  Amount maximum;
  Amount fallback;  // when the creator leaves it out
  std::string_view meaning;
};

// A parameter that does not go with the others, and why.
struct ParameterFault {
  std::string_view parameter;
  std::string_view reason;
};

// Why a bid does not count. `amount`: what would have to be offered, where that helps; otherwise zero.
struct Refusal {
  std::string_view reason;
  Amount amount;
};

// What a bid, a reveal or the end does with money. Refunds and the sale come out of what the auction holds
// after the lock.
struct Move {
  Amount lock;  // from the caller
  struct Refund {
    Address to;
    Amount amount;
  };
  std::vector<Refund> refunds;
  Amount burn;
  std::optional<Address> winner;
  Amount price;       // that the sale is made at; the buyer's money
  Amount collateral;  // of a winning provider
};
using MoveOrRefusal = tl::expected<Move, Refusal>;

struct AuctionType {
  std::string_view name;
  std::string_view meaning;
  // The creator buys and bidders sell: bidders are providers, and only work is auctioned.
  bool creator_buys = false;
  std::span<const ParameterSpec> parameters;

  // All parameters are there and in their ranges.
  std::optional<ParameterFault> (*check)(const Auction& auction) = nullptr;
  // What the creator locks at the beginning.
  Amount (*deposit)(const Auction& auction) = nullptr;
  // The end as things stand at the beginning; later a move may change Auction::deadline.
  Seconds (*first_deadline)(const Auction& auction) = nullptr;
  // What a bid made now would pay (or earn), or must at least offer.
  Amount (*price)(const Auction& auction, Seconds now) = nullptr;
  // When that changes by itself; nullopt when it does not.
  std::optional<Seconds> (*next_change)(const Auction& auction, Seconds now) = nullptr;
  // The functions below change the auction's bids, second price and deadline, nothing else. A bid of
  // `amount`; nullptr: bids are sealed.
  MoveOrRefusal (*bid)(Auction& auction, const Address& bidder, Amount amount, Seconds now) = nullptr;
  // A sealed bid, and its opening; nullptr: bids are open. The engine has checked the commitment.
  MoveOrRefusal (*commit)(Auction& auction, const Address& bidder, const Hash& commitment,
                          Seconds now) = nullptr;
  MoveOrRefusal (*reveal)(Auction& auction, const Address& bidder, Amount amount, Seconds now) = nullptr;
  // The end: what is left is paid out.
  Move (*close)(Auction& auction) = nullptr;
};

// The registry (auction_registry.cpp).
std::span<const AuctionType> auction_types();
// nullptr when there is none.
const AuctionType* find_auction_type(std::string_view name);

// The functions of the types that come with the market.
extern const AuctionType kDutchAuction;
extern const AuctionType kEnglishAuction;
extern const AuctionType kSealedAuction;
extern const AuctionType kProcurementAuction;

// For types without an opinion of their own.
std::optional<ParameterFault> accept_parameters(const Auction& auction);
Amount no_deposit(const Auction& auction);
Seconds end_of_lifetime(const Auction& auction);
std::optional<Seconds> never_changes(const Auction& auction, Seconds now);
// start - or + step * (intervals since the beginning), not beyond the limit.
Amount stepped_price(const Auction& auction, Seconds now, Amount step, Seconds interval, Amount limit);
std::optional<Seconds> next_step(const Auction& auction, Seconds now, Seconds interval);

}  // namespace aitbc::market
