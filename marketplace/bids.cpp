#include "marketplace/bids.hpp"

#include "marketplace/auctions.hpp"
#include "marketplace/bid_book.hpp"
#include "marketplace/bookings.hpp"
#include "marketplace/gpus.hpp"
#include "marketplace/offers.hpp"
#include "marketplace/providers.hpp"
#include "marketplace/services.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxNotes = 512;

Outcome<Bid> find_bid(Context& c, BidId id) {
  if (auto bid = load(c.state, id)) return *std::move(bid);
  return revert<"BidNotFound">(id);
}

Outcome<Bid> find_open_bid(Context& c, BidId id) {
  MARKET_ASSIGN(Bid bid, find_bid(c, id));
  if (const BidState state = state_of(bid, c.now()); state != BidState::open)
    return revert<"BidNotOpen">(id, state);
  return bid;
}

// Whether the caller may bid on the target.
Outcome<void> check_gpu_target(Context& c, GpuId id, Amount amount, Seconds duration) {
  MARKET_ASSIGN(const Gpu gpu, find_gpu(c, id));
  if (gpu.provider == c.caller) return revert<"OwnTarget">(TargetKind::gpu, id.value);
  MARKET_TRY(check_listed(c, gpu, existing_provider(c, gpu.provider)));
  MARKET_TRY(check_range("duration", duration, gpu.spec.min_duration,
                         std::min(gpu.spec.max_duration, c.params.max_booking)));
  if (!mul_div_floor(amount, 3'600, duration)) return revert<"AmountOverflow">();
  return {};
}

Outcome<void> check_service_target(Context& c, ServiceId id, Seconds duration) {
  MARKET_ASSIGN(const Service service, find_service(c, id));
  if (service.provider == c.caller) return revert<"OwnTarget">(TargetKind::service, id.value);
  if (state_of(service, c.now()) != ServiceState::open)
    return revert<"TargetNotOpen">(TargetKind::service, id.value);
  return check_range("duration", duration, 0, 0);
}

Outcome<void> check_offer_target(Context& c, const Offer& offer, std::uint64_t capacity, Seconds duration) {
  if (offer.provider == c.caller) return revert<"OwnTarget">(TargetKind::offer, offer.id.value);
  if (offer.closed) return revert<"TargetNotOpen">(TargetKind::offer, offer.id.value);
  MARKET_TRY(check_range("capacity", capacity, 1, offer.spec.capacity - offer.reserved));
  return check_range("duration", duration, 1, c.params.max_delivery);
}

// Where a bid goes and whether the caller may place it there.
struct Target {
  TargetKind kind;
  std::uint64_t id;
};
Outcome<Target> find_target(Context& c, std::uint8_t kind, std::uint64_t id, Amount amount,
                            std::uint64_t capacity, Seconds duration) {
  if (kind >= enum_names(TargetKind{}).size()) return revert<"UnknownTargetKind">(kind);
  Target target{static_cast<TargetKind>(kind), id};
  if (target.kind == TargetKind::offer) {
    MARKET_ASSIGN(const Offer offer, find_offer(c, OfferId{id}));
    if (offer.gpu.is_none()) {
      MARKET_TRY(check_offer_target(c, offer, capacity, duration));
      return target;
    }
    // To bid on a GPU's offer is to bid on the GPU.
    if (offer.closed) return revert<"TargetNotOpen">(target.kind, id);
    target = {TargetKind::gpu, offer.gpu.value};
  }
  if (target.kind == TargetKind::gpu) {
    MARKET_TRY(check_gpu_target(c, GpuId{target.id}, amount, duration));
  } else {
    MARKET_TRY(check_service_target(c, ServiceId{target.id}, duration));
  }
  return target;
}

// Ends an open bid that did not win, and gives the money back. It must have left the book and the time index.
void close_bid(Context& c, Bid& bid, BidState state, Seconds at) {
  bid.state = state;
  bid.closed_at = at;
  --c.totals.open_bids;
  save(c, bid);
  pay(c, bid.bidder, bid.amount);
  emit<"BidClosed">(c.logs, bid.id, bid.bidder, state, bid.amount);
}

// Makes room in a full book, if the new bid beats the last one.
Outcome<void> make_room(Context& c, BidBook& book, Amount score) {
  if (book.bids.size() < kMaxOpenBids) return {};
  const BidRank worst = book.bids.back();
  if (score <= worst.score) {
    const auto minimum = checked_add(worst.score, Amount(1));
    return revert<"BidTooLow">(minimum.value_or(Amount::max()));
  }
  book.bids.pop_back();
  auto loser = load(c.state, worst.bid);
  AITBC_CHECK(loser.has_value(), "a book names an unknown bid");
  unschedule(c, loser->expires_at, Kind::bid, loser->id.value);
  const bool expired = state_of(*loser, c.now()) == BidState::expired;
  close_bid(c, *loser, expired ? BidState::expired : BidState::lost, expired ? loser->expires_at : c.now());
  return {};
}

// The money of an accepted bid is no longer the bid's.
void mark_accepted(Context& c, Bid& bid) {
  BidBook book = load_book(c, bid.target_kind, bid.target);
  remove_bid(book, bid.id);
  save_book(c, book);
  unschedule(c, bid.expires_at, Kind::bid, bid.id.value);
  bid.state = BidState::accepted;
  bid.closed_at = c.now();
  --c.totals.open_bids;
}

Outcome<void> accept_on_gpu(Context& c, Bid& bid) {
  Gpu gpu = existing_gpu(c, GpuId{bid.target});
  if (gpu.provider != c.caller) return revert<"NotTargetProvider">(bid.id, c.caller);
  gpu = after_auction(c, std::move(gpu));
  MARKET_TRY(check_listed(c, gpu, existing_provider(c, gpu.provider)));
  mark_accepted(c, bid);
  MARKET_ASSIGN(bid.booking, book_for_bid(c, gpu, bid));
  save(c, bid);
  return {};
}

Outcome<void> accept_on_service(Context& c, Bid& bid) {
  MARKET_ASSIGN(Service service, find_service(c, ServiceId{bid.target}));
  if (service.provider != c.caller) return revert<"NotTargetProvider">(bid.id, c.caller);
  if (const ServiceState state = state_of(service, c.now()); state != ServiceState::open)
    return revert<"WrongServiceState">(service.id, state);
  mark_accepted(c, bid);
  bid.service = service.id;
  save(c, bid);
  assign_service(c, service, bid);
  close_bids(c, TargetKind::service, bid.target, c.now());
  return {};
}

// What was offered in words becomes a piece of work to deliver.
Outcome<void> accept_on_offer(Context& c, Bid& bid) {
  MARKET_ASSIGN(Offer offer, find_offer(c, OfferId{bid.target}));
  if (offer.provider != c.caller) return revert<"NotTargetProvider">(bid.id, c.caller);
  MARKET_TRY(check_range("capacity", bid.capacity, 0, offer.spec.capacity - offer.reserved));
  mark_accepted(c, bid);
  take_capacity(c, offer, bid.capacity);
  Award award{offer.provider, bid.bidder, bid.amount, {}, offer.id, bid.capacity, bid.id, {}, c.now()};
  award.spec.name = to_text(offer.id);
  award.spec.category = "gpu-rental";
  award.spec.price = bid.amount;
  award.spec.description = offer.spec.sla;
  award.spec.parameters = bid.notes;
  award.spec.delivery_time = bid.duration;
  bid.service = award_service(c, award);
  save(c, bid);
  return {};
}

Outcome<void> accept(Context& c, Bid& bid) {
  switch (bid.target_kind) {
    case TargetKind::gpu:
      return accept_on_gpu(c, bid);
    case TargetKind::service:
      return accept_on_service(c, bid);
    case TargetKind::offer:
      return accept_on_offer(c, bid);
  }
  return {};
}

}  // namespace

Outcome<BidId> place_bid(Context& c, std::uint8_t target_kind, std::uint64_t target, Amount amount,
                         std::uint64_t capacity, Seconds duration, const std::string& notes, Seconds ttl) {
  MARKET_TRY(check_range("amount", amount, Amount(1), Amount::max()));
  MARKET_TRY(check_range("capacity", capacity, 1, 1'000'000));
  MARKET_TRY(check_text("notes", notes, kMaxNotes));
  MARKET_TRY(check_range("ttl", ttl, 0, c.params.max_bid_ttl));
  MARKET_ASSIGN(const Target found, find_target(c, target_kind, target, amount, capacity, duration));
  BidBook book = load_book(c, found.kind, found.id);
  const Amount score = score_of(found.kind, amount, duration);
  MARKET_TRY(make_room(c, book, score));
  MARKET_TRY(lock(c, amount));
  Bid bid;
  bid.id = BidId{take_id(c.state, Kind::bid)};
  bid.bidder = c.caller;
  bid.target_kind = found.kind;
  bid.target = found.id;
  bid.amount = amount;
  bid.capacity = capacity;
  bid.duration = duration;
  bid.notes = notes;
  bid.created_at = c.now();
  bid.expires_at = c.now() + (ttl == 0 ? c.params.default_bid_ttl : ttl);
  insert_bid(book, {bid.id, score});
  save_book(c, book);
  schedule(c, bid.expires_at, Kind::bid, bid.id.value);
  ++c.totals.open_bids;
  save(c, bid);
  emit<"BidPlaced">(c.logs, bid.id, bid.bidder, found.kind, found.id, amount, bid.expires_at);
  return bid.id;
}

Outcome<BookingId> accept_bid(Context& c, BidId id) {
  MARKET_ASSIGN(Bid bid, find_open_bid(c, id));
  MARKET_TRY(accept(c, bid));
  emit<"BidAccepted">(c.logs, id, bid.bidder, bid.booking, bid.service);
  return bid.booking;
}

Outcome<void> withdraw_bid(Context& c, BidId id) {
  MARKET_ASSIGN(Bid bid, find_open_bid(c, id));
  if (bid.bidder != c.caller) return revert<"NotBidder">(id, c.caller);
  BidBook book = load_book(c, bid.target_kind, bid.target);
  remove_bid(book, id);
  save_book(c, book);
  unschedule(c, bid.expires_at, Kind::bid, id.value);
  close_bid(c, bid, BidState::withdrawn, c.now());
  return {};
}

void close_bids(Context& c, TargetKind kind, std::uint64_t target, Seconds now) {
  const BidBook book = load_book(c, kind, target);
  if (book.bids.empty()) return;
  save_book(c, {kind, target, {}});
  for (const BidRank& rank : book.bids) {
    auto bid = load(c.state, rank.bid);
    AITBC_CHECK(bid.has_value(), "a book names an unknown bid");
    unschedule(c, bid->expires_at, Kind::bid, bid->id.value);
    const bool expired = bid->expires_at <= now;
    close_bid(c, *bid, expired ? BidState::expired : BidState::lost, expired ? bid->expires_at : now);
  }
}

void bid_due(Context& c, BidId id) {
  auto bid = load(c.state, id);
  AITBC_CHECK(bid && bid->state == BidState::open, "a closed bid has a deadline");
  BidBook book = load_book(c, bid->target_kind, bid->target);
  remove_bid(book, id);
  save_book(c, book);
  close_bid(c, *bid, BidState::expired, bid->expires_at);
}

Outcome<BidView> get_bid(Context& c, BidId id) {
  MARKET_ASSIGN(Bid bid, find_bid(c, id));
  const BidState state = state_of(bid, c.now());
  return BidView{std::move(bid), state};
}

}  // namespace aitbc::market
