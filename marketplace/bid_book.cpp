#include "marketplace/bid_book.hpp"

namespace aitbc::market {

BidBook load_book(Context& c, TargetKind kind, std::uint64_t target) {
  if (auto book = load<BidBook>(c.state, bid_book_key(kind, target))) return *std::move(book);
  return {kind, target, {}};
}

void save_book(Context& c, const BidBook& book) {
  if (book.bids.empty())
    c.state.erase(kContract, key_of(book));
  else
    save(c, book);
}

void insert_bid(BidBook& book, const BidRank& rank) {
  const auto at = std::find_if(book.bids.begin(), book.bids.end(),
                               [&](const BidRank& each) { return each.score < rank.score; });
  book.bids.insert(at, rank);
}

void remove_bid(BidBook& book, BidId bid) {
  const auto removed = std::erase_if(book.bids, [&](const BidRank& rank) { return rank.bid == bid; });
  AITBC_CHECK(removed == 1, "an open bid is missing from its target's book");
}

Amount score_of(TargetKind kind, Amount amount, Seconds duration) {
  if (kind == TargetKind::service) return amount;
  return mul_div_floor(amount, 3'600, duration).value_or(Amount::max());
}

}  // namespace aitbc::market
