// The open bids on one target: at most kMaxOpenBids, best first.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

BidBook load_book(Context& c, TargetKind kind, std::uint64_t target);
// An empty book is not kept.
void save_book(Context& c, const BidBook& book);
void insert_bid(BidBook& book, const BidRank& rank);
void remove_bid(BidBook& book, BidId bid);
// By how much a bid on its target ranks: the amount, or on a GPU the price per hour.
Amount score_of(TargetKind kind, Amount amount, Seconds duration);

}  // namespace aitbc::market
