// Procurement: a customer asks for work and pays more from interval to interval; the first provider to take
// it puts up collateral, which is the customer's if the work is not delivered.
#include <array>

#include "marketplace/auction_types.hpp"

namespace aitbc::market {
namespace {

constexpr std::array kParameters = {
    ParameterSpec{"startPrice", "base units", Amount(1), Amount::max(), Amount::ait(10), "the first price"},
    ParameterSpec{"maxPrice", "base units", Amount(1), Amount::max(), Amount::ait(100),
                  "the last price, above startPrice; locked by the customer"},
    ParameterSpec{"incrementRate", "base units", Amount(0), Amount::max(), Amount::ait(1),
                  "how far it rises"},
    ParameterSpec{"incrementInterval", "seconds", Amount(1), Amount(31'536'000), Amount(60), "how often"},
    ParameterSpec{"collateral", "base units", Amount(0), Amount::max(), Amount::ait(10), "of the provider"},
};

Seconds interval_of(const Auction& auction) {
  return static_cast<Seconds>(auction.parameter("incrementInterval").units());
}

std::optional<ParameterFault> check(const Auction& auction) {
  if (auction.parameter("startPrice") < auction.parameter("maxPrice")) return std::nullopt;
  return ParameterFault{"maxPrice", "Maximum price must be more than start price"};
}

Amount deposit(const Auction& auction) { return auction.parameter("maxPrice"); }

Amount price(const Auction& auction, Seconds now) {
  return stepped_price(auction, now, auction.parameter("incrementRate"), interval_of(auction),
                       auction.parameter("maxPrice"));
}

std::optional<Seconds> next_change(const Auction& auction, Seconds now) {
  if (price(auction, now) == auction.parameter("maxPrice")) return std::nullopt;
  return next_step(auction, now, interval_of(auction));
}

// `minimum`: what the provider wants at least.
MoveOrRefusal bid(Auction& auction, const Address& bidder, Amount minimum, Seconds now) {
  const Amount now_at = price(auction, now);
  if (now_at < minimum) return tl::unexpected(Refusal{"the price is below the provider's minimum", now_at});
  Move move;
  move.lock = auction.parameter("collateral");
  move.collateral = move.lock;
  move.winner = bidder;
  move.price = now_at;
  move.refunds.push_back({auction.creator, *checked_sub(deposit(auction), now_at)});
  return move;
}

Move close(Auction& auction) {
  Move move;
  move.refunds.push_back({auction.creator, deposit(auction)});
  return move;
}

}  // namespace

const AuctionType kProcurementAuction = {
    .name = "procurement",
    .meaning = "A customer offers more and more for work until a provider takes it.",
    .creator_buys = true,
    .parameters = kParameters,
    .check = &check,
    .deposit = &deposit,
    .first_deadline = &end_of_lifetime,
    .price = &price,
    .next_change = &next_change,
    .bid = &bid,
    .close = &close,
};

}  // namespace aitbc::market
