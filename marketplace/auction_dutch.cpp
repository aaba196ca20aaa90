// Dutch: the price falls by decrementRate each decrementInterval down to the reserve; the first bid takes it.
#include <array>

#include "marketplace/auction_types.hpp"

namespace aitbc::market {
namespace {

constexpr std::array kParameters = {
    ParameterSpec{"startPrice", "base units", Amount(1), Amount::max(), Amount::ait(1'000),
                  "the first price"},
    ParameterSpec{"reservePrice", "base units", Amount(0), Amount::max(), Amount::ait(100),
                  "the last price; below startPrice"},
    ParameterSpec{"decrementRate", "base units", Amount(0), Amount::max(), Amount::ait(10),
                  "how far it falls"},
    ParameterSpec{"decrementInterval", "seconds", Amount(1), Amount(31'536'000), Amount(60), "how often"},
};

Seconds interval_of(const Auction& auction) {
  return static_cast<Seconds>(auction.parameter("decrementInterval").units());
}

std::optional<ParameterFault> check(const Auction& auction) {
  if (auction.parameter("reservePrice") < auction.parameter("startPrice")) return std::nullopt;
  return ParameterFault{"reservePrice", "Reserve price must be less than start price"};
}

Amount price(const Auction& auction, Seconds now) {
  return stepped_price(auction, now, auction.parameter("decrementRate"), interval_of(auction),
                       auction.parameter("reservePrice"));
}

std::optional<Seconds> next_change(const Auction& auction, Seconds now) {
  if (price(auction, now) == auction.parameter("reservePrice")) return std::nullopt;
  return next_step(auction, now, interval_of(auction));
}

// `maximum`: what the bidder would pay at most.
MoveOrRefusal bid(Auction& auction, const Address& bidder, Amount maximum, Seconds now) {
  const Amount now_at = price(auction, now);
  if (now_at > maximum) return tl::unexpected(Refusal{"the price is above the bidder's maximum", now_at});
  Move move;
  move.lock = now_at;
  move.winner = bidder;
  move.price = now_at;
  return move;
}

Move close(Auction&) { return {}; }

}  // namespace

const AuctionType kDutchAuction = {
    .name = "dutch",
    .meaning = "The price falls until somebody takes it.",
    .parameters = kParameters,
    .check = &check,
    .deposit = &no_deposit,
    .first_deadline = &end_of_lifetime,
    .price = &price,
    .next_change = &next_change,
    .bid = &bid,
    .close = &close,
};

}  // namespace aitbc::market
