// What each record adds to the totals, and what must hold of a record taken alone. Applied to every record as
// it is written, so that each block is checked on what it changed; recount.hpp walks everything.
#pragma once

#include "marketplace/tables.hpp"

namespace aitbc::market {

// `one` is 1 to add a record, ~0 (minus one) to take it out.
void tally(Totals& totals, const Provider& record, std::uint64_t one);
void tally(Totals& totals, const Gpu& record, std::uint64_t one);
void tally(Totals& totals, const Booking& record, std::uint64_t one);
void tally(Totals& totals, const Service& record, std::uint64_t one);
void tally(Totals& totals, const Bid& record, std::uint64_t one);
void tally(Totals& totals, const Offer& record, std::uint64_t one);
void tally(Totals& totals, const Dispute& record, std::uint64_t one);
void tally(Totals& totals, const Job& record, std::uint64_t one);
void tally(Totals& totals, const Auction& record, std::uint64_t one);
void tally(Totals& totals, const Proposal& record, std::uint64_t one);
void tally(Totals& totals, const Outage& record, std::uint64_t one);
void tally(Totals& totals, const Unbonding& record, std::uint64_t one);
void tally(Totals& totals, const EpochSums& record, std::uint64_t one);

// What is wrong with a record, whatever the others say; nullptr when nothing is. A closed one pays out
// exactly its lock, intervals are disjoint, lists keep their bounds and order.
const char* fault_of(const Provider& record);
const char* fault_of(const Gpu& record);
const char* fault_of(const Booking& record);
const char* fault_of(const Service& record);
const char* fault_of(const Bid& record);
const char* fault_of(const BidBook& record);
const char* fault_of(const Offer& record);
const char* fault_of(const Dispute& record);
const char* fault_of(const Job& record);
const char* fault_of(const Auction& record);
const char* fault_of(const Outage& record);
const char* fault_of(const Review& record);
const char* fault_of(const PriceHistory& record);

// The bids that a record forbids: those on what is not on offer. nullopt when it takes bids, or nobody can
// bid on it.
std::optional<Key> forbidden_book(const Gpu& record);
std::optional<Key> forbidden_book(const Service& record);
std::optional<Key> forbidden_book(const Offer& record);

}  // namespace aitbc::market
