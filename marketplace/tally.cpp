#include "marketplace/tally.hpp"

#include <algorithm>

namespace aitbc::market {
namespace {

// Three parts and what a dispute keeps back; false when they are not the whole.
bool makes_up(Amount whole, Amount paid, Amount fee, Amount refund, Amount frozen = {}) {
  uint128 sum = 0;
  for (const Amount part : {paid, fee, refund, frozen}) {
    if (part.units() > whole.units() - sum) return false;
    sum += part.units();
  }
  return sum == whole.units();
}

template <class Work>
bool paid_nothing(const Work& work) {
  return work.paid.is_zero() && work.fee.is_zero() && work.refund.is_zero();
}

}  // namespace

void tally(Totals& totals, const Provider& record, std::uint64_t one) {
  totals.providers += one;
  if (!record.liveness.online) return;
  totals.watched_providers += one;
  totals.deadlines += one;
}

void tally(Totals& totals, const Gpu& record, std::uint64_t one) {
  if (record.listing != Listing::retired) totals.gpus += one;
  if (record.listing == Listing::listed) totals.listed_gpus += one;
}

void tally(Totals& totals, const Booking& record, std::uint64_t one) {
  if (record.closed) return;
  totals.open_bookings += one;
  totals.deadlines += one;
}

void tally(Totals& totals, const Service& record, std::uint64_t one) {
  if (!deadline_of(record)) return;
  totals.open_services += one;
  totals.deadlines += one;
}

void tally(Totals& totals, const Bid& record, std::uint64_t one) {
  if (!deadline_of(record)) return;
  totals.open_bids += one;
  totals.deadlines += one;
}

void tally(Totals& totals, const Offer& record, std::uint64_t one) {
  if (!record.closed) totals.open_offers += one;
}

void tally(Totals& totals, const Dispute& record, std::uint64_t one) {
  if (!deadline_of(record)) return;
  totals.open_disputes += one;
  totals.deadlines += one;
}

void tally(Totals& totals, const Job& record, std::uint64_t one) {
  if (!deadline_of(record)) return;
  totals.open_jobs += one;
  totals.deadlines += one;
}

void tally(Totals& totals, const Auction& record, std::uint64_t one) {
  if (!deadline_of(record)) return;
  totals.open_auctions += one;
  totals.deadlines += one;
}

void tally(Totals& totals, const Proposal& record, std::uint64_t one) {
  if (!deadline_of(record)) return;
  totals.open_proposals += one;
  totals.deadlines += one;
}

void tally(Totals& totals, const Outage& record, std::uint64_t one) {
  if (deadline_of(record)) totals.deadlines += one;
}

void tally(Totals& totals, const Unbonding&, std::uint64_t one) { totals.deadlines += one; }
void tally(Totals& totals, const EpochSums&, std::uint64_t one) { totals.deadlines += one; }

const char* fault_of(const Provider& record) {
  const bool empty = record.shares.is_zero() && record.unbonding_shares.is_zero();
  if (empty != record.staked.is_zero()) return "a pool has shares without stake or stake without shares";
  return record.listed_gpus > record.gpus ? "more GPUs are listed than there are" : nullptr;
}

const char* fault_of(const Gpu& record) {
  Seconds free_from = 0;
  for (const Interval& interval : record.schedule) {
    if (interval.start < free_from || interval.end <= interval.start) return "bookings overlap";
    free_from = interval.end;
  }
  return nullptr;
}

const char* fault_of(const Booking& record) {
  if (record.start >= record.end || planned_end(record) > record.end) return "a booking ends before it began";
  if (!record.closed) return paid_nothing(record) ? nullptr : "an open booking paid something";
  return makes_up(record.locked, record.paid, record.fee, record.refund, record.frozen)
             ? nullptr
             : "a booking paid out something else than it had locked";
}

const char* fault_of(const Service& record) {
  if (deadline_of(record)) return paid_nothing(record) ? nullptr : "a running service paid something";
  return makes_up(record.locked, record.paid, record.fee, record.refund, record.frozen)
             ? nullptr
             : "a service paid out something else than it had locked";
}

const char* fault_of(const Bid& record) { return record.amount.is_zero() ? "a bid of nothing" : nullptr; }

const char* fault_of(const BidBook& record) {
  if (record.bids.empty() || record.bids.size() > kMaxOpenBids) return "a bid book of the wrong size";
  const bool sorted = std::is_sorted(record.bids.begin(), record.bids.end(),
                                     [](const BidRank& a, const BidRank& b) { return a.score > b.score; });
  return sorted ? nullptr : "a bid book out of order";
}

const char* fault_of(const Offer& record) {
  return record.reserved > record.spec.capacity ? "an offer gave away more than it has" : nullptr;
}

const char* fault_of(const Dispute& record) {
  return record.customer_bps > 10'000 ? "a verdict gives more than there is" : nullptr;
}

const char* fault_of(const Job& record) {
  if (deadline_of(record)) return paid_nothing(record) ? nullptr : "a running job paid something";
  return makes_up(record.payment, record.paid, record.fee, record.refund)
             ? nullptr
             : "a job paid out something else than it had locked";
}

const char* fault_of(const Auction& record) {
  if (record.bids.size() > kMaxAuctionBids) return "an auction has too many bids";
  return !deadline_of(record) && !record.money.is_zero() ? "an auction that is over holds money" : nullptr;
}

const char* fault_of(const Outage& record) {
  return record.phase == OutagePhase::over && !record.held().is_zero() ? "an outage that is over holds money"
                                                                       : nullptr;
}

const char* fault_of(const Review& record) {
  return record.rating < 1 || record.rating > 5 ? "a rating out of range" : nullptr;
}

const char* fault_of(const PriceHistory& record) {
  return record.points.size() > kMaxPriceHistory ? "a price history is too long" : nullptr;
}

std::optional<Key> forbidden_book(const Gpu& record) {
  if (record.listing == Listing::listed) return std::nullopt;
  return bid_book_key(TargetKind::gpu, record.id.value);
}

std::optional<Key> forbidden_book(const Service& record) {
  if (record.state == ServiceState::open) return std::nullopt;
  return bid_book_key(TargetKind::service, record.id.value);
}

std::optional<Key> forbidden_book(const Offer& record) {
  if (!record.closed) return std::nullopt;
  return bid_book_key(TargetKind::offer, record.id.value);
}

}  // namespace aitbc::market
