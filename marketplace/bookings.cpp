#include "marketplace/bookings.hpp"

#include "marketplace/booking_close.hpp"
#include "marketplace/gpus.hpp"
#include "marketplace/providers.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxJob = 128;
constexpr std::uint16_t kFullRefund = 10'000;

// The time that a booking asks for, and what it pays.
struct Terms {
  Seconds start = 0;
  Seconds duration = 0;
  Amount price_per_hour;
  Amount locked;
};

Outcome<void> check_time(const Context& c, const Gpu& gpu, Seconds start, Seconds duration) {
  MARKET_TRY(check_range("duration", duration, gpu.spec.min_duration,
                         std::min(gpu.spec.max_duration, c.params.max_booking)));
  if (start < c.now()) return revert<"StartInPast">(start, c.now());
  return check_range("start", start, c.now(), c.now() + c.params.max_advance);
}

Outcome<void> check_free(const Gpu& gpu, Seconds start, Seconds end) {
  const BookingId conflict = first_conflict(gpu.schedule, start, end);
  if (!conflict.is_none()) return revert<"GpuNotFree">(gpu.id, start, end, conflict);
  return {};
}

Outcome<void> reserve(Context& c, Gpu& gpu, const Terms& terms, BookingId id) {
  prune_schedule(gpu.schedule, c.now());
  if (gpu.schedule.size() >= kMaxSchedule) return revert<"ScheduleFull">(gpu.id, kMaxSchedule);
  const Seconds end = terms.start + terms.duration;
  MARKET_TRY(check_free(gpu, terms.start, end));
  insert_interval(gpu.schedule, {terms.start, end, id});
  ++gpu.total_bookings;
  save(c, gpu);
  return {};
}

// Makes the record. Precondition: the GPU is reserved and the money is in the contract.
void open_booking(Context& c, Booking& booking, const Gpu& gpu, const Terms& terms) {
  booking.gpu = gpu.id;
  booking.provider = gpu.provider;
  booking.created_at = c.now();
  booking.start = terms.start;
  booking.end = terms.start + terms.duration;
  booking.price_per_hour = terms.price_per_hour;
  booking.locked = terms.locked;
  booking.refund_bps = gpu.spec.refund_bps;
  booking.interruptible = gpu.spec.interruptible;
  booking.rates = current_rates(c.params);
  booking.started = booking.start == c.now();
  schedule(c, *deadline_of(booking), Kind::booking, booking.id.value);
  ++c.totals.open_bookings;
  save(c, booking);
  emit<"BookingCreated">(c.logs, booking.id, booking.gpu, booking.customer, booking.start, booking.end,
                         booking.price_per_hour, booking.locked);
  if (booking.started) emit<"BookingStarted">(c.logs, booking.id, booking.gpu);
}

// A booking with its provider, without which its state is not known.
struct Found {
  Booking booking;
  Provider provider;
  BookingState state;
};

Outcome<Found> find_booking(Context& c, BookingId id) {
  auto booking = load(c.state, id);
  if (!booking) return revert<"BookingNotFound">(id);
  Provider provider = existing_provider(c, booking->provider);
  const BookingState state = state_of(*booking, provider.liveness, c.now());
  return Found{*std::move(booking), std::move(provider), state};
}

Outcome<Found> find_own_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Found found, find_booking(c, id));
  if (found.booking.customer != c.caller) return revert<"NotBookingCustomer">(id, c.caller);
  return found;
}

// Gives the booking in the way of a better bid its notice, and tells when the GPU will be free. Only an
// interruptible one that runs now gives way, and only to a higher price.
Outcome<Seconds> evict(Context& c, Gpu& gpu, Seconds duration, Amount price) {
  const BookingId in_the_way = first_conflict(gpu.schedule, c.now(), c.now() + duration);
  if (in_the_way.is_none()) return c.now();
  auto booking = load(c.state, in_the_way);
  AITBC_CHECK(booking.has_value(), "a schedule names an unknown booking");
  const Seconds at = c.now() + c.params.eviction_notice;
  const bool gives_way = booking->interruptible && booking->evict_at == 0 && booking->start <= c.now() &&
                         price > booking->price_per_hour && at < booking->end;
  if (!gives_way) return revert<"GpuNotFree">(gpu.id, c.now(), c.now() + duration, in_the_way);
  unschedule(c, *deadline_of(*booking), Kind::booking, in_the_way.value);
  booking->evict_at = at;
  schedule(c, *deadline_of(*booking), Kind::booking, in_the_way.value);
  save(c, *booking);
  move_end(gpu.schedule, in_the_way, at);
  emit<"BookingEvictionNoticed">(c.logs, in_the_way, gpu.id, at);
  return at;
}

}  // namespace

Outcome<BookingId> book_gpu(Context& c, GpuId gpu_id, Seconds start, Seconds duration,
                            Amount max_price_per_hour, const std::string& job) {
  MARKET_TRY(check_text("job", job, kMaxJob));
  MARKET_ASSIGN(Gpu gpu, find_gpu(c, gpu_id));
  if (gpu.provider == c.caller) return revert<"OwnGpu">(gpu_id);
  MARKET_TRY(check_listed(c, gpu, existing_provider(c, gpu.provider)));
  Terms terms{start == 0 ? c.now() : start, duration, price_now(gpu), {}};
  MARKET_TRY(check_time(c, gpu, terms.start, duration));
  if (terms.price_per_hour > max_price_per_hour)
    return revert<"PriceAboveMaximum">(gpu_id, terms.price_per_hour, max_price_per_hour);
  const auto cost = cost_to_lock(terms.price_per_hour, duration);
  if (!cost) return revert<"AmountOverflow">();
  terms.locked = *cost;
  Booking booking;
  booking.id = BookingId{take_id(c.state, Kind::booking)};
  booking.customer = c.caller;
  booking.job = job;
  MARKET_TRY(reserve(c, gpu, terms, booking.id));
  MARKET_TRY(lock(c, terms.locked));
  open_booking(c, booking, gpu, terms);
  return booking.id;
}

Outcome<BookingId> book_for_bid(Context& c, Gpu& gpu, const Bid& bid) {
  const auto price = mul_div_floor(bid.amount, 3'600, bid.duration);
  if (!price) return revert<"AmountOverflow">();
  MARKET_ASSIGN(const Seconds start, evict(c, gpu, bid.duration, *price));
  const Terms terms{start, bid.duration, *price, bid.amount};
  MARKET_TRY(check_time(c, gpu, terms.start, terms.duration));
  Booking booking;
  booking.id = BookingId{take_id(c.state, Kind::booking)};
  booking.customer = bid.bidder;
  booking.bid = bid.id;
  MARKET_TRY(reserve(c, gpu, terms, booking.id));
  open_booking(c, booking, gpu, terms);
  return booking.id;
}

Outcome<void> extend_booking(Context& c, BookingId id, Seconds extra) {
  MARKET_ASSIGN(Found found, find_own_booking(c, id));
  Booking& booking = found.booking;
  if (found.state != BookingState::scheduled && found.state != BookingState::active)
    return revert<"WrongBookingState">(id, found.state);
  if (booking.evict_at != 0) return revert<"UnderNotice">(id, booking.evict_at);
  Gpu gpu = existing_gpu(c, booking.gpu);
  MARKET_TRY(check_listed(c, gpu, found.provider));
  const Seconds duration = booking.end - booking.start;
  const Seconds longest = std::min(gpu.spec.max_duration, c.params.max_booking);
  MARKET_TRY(check_range("extra", extra, 1, longest > duration ? longest - duration : 0));
  if (price_now(gpu) > booking.price_per_hour)
    return revert<"PriceChanged">(id, booking.price_per_hour, price_now(gpu));
  MARKET_TRY(check_free(gpu, booking.end, booking.end + extra));
  const auto cost = cost_to_lock(booking.price_per_hour, duration + extra);
  if (!cost) return revert<"AmountOverflow">();
  // A bid may have locked more than the rounded price asks for.
  const Amount more = *cost > booking.locked ? difference(*cost, booking.locked) : Amount{};
  MARKET_TRY(lock(c, more));
  if (booking.started) unschedule(c, booking.end, Kind::booking, id.value);
  booking.end += extra;
  booking.locked = sum(booking.locked, more);
  if (booking.started) schedule(c, booking.end, Kind::booking, id.value);
  move_end(gpu.schedule, id, booking.end);
  save(c, gpu);
  save(c, booking);
  emit<"BookingExtended">(c.logs, id, booking.gpu, booking.end, booking.locked);
  return {};
}

Outcome<void> cancel_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Found found, find_own_booking(c, id));
  if (found.state != BookingState::scheduled) return revert<"WrongBookingState">(id, found.state);
  unschedule(c, *deadline_of(found.booking), Kind::booking, id.value);
  close_booking(c, found.booking, found.provider, c.now(), BookingState::cancelled, Usage{});
  save(c, found.provider);
  free_gpu(c, found.booking);
  return {};
}

Outcome<void> release_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Found found, find_own_booking(c, id));
  Booking& booking = found.booking;
  if (found.state != BookingState::active) return revert<"WrongBookingState">(id, found.state);
  const Gpu gpu = existing_gpu(c, booking.gpu);
  unschedule(c, *deadline_of(booking), Kind::booking, id.value);
  if (is_down(found.provider.liveness, gpu.number)) {
    // The provider itself says that the GPU does not work.
    close_faulted(c, booking, found.provider, c.now());
  } else {
    // Who must go anyway goes when it suits him.
    const std::uint16_t refund_bps = booking.evict_at == 0 ? booking.refund_bps : kFullRefund;
    close_booking(c, booking, found.provider, c.now(), BookingState::released,
                  usage_at(booking, c.now() - booking.start, refund_bps));
  }
  save(c, found.provider);
  free_gpu(c, booking);
  return {};
}

Outcome<void> settle_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Found found, find_booking(c, id));
  const bool ends = found.state == BookingState::completed || found.state == BookingState::evicted;
  // A faulted one is closed together with the others of the same outage.
  if (found.booking.closed || found.state == BookingState::faulted)
    return revert<"WrongBookingState">(id, found.state);
  if (!ends) return revert<"BookingNotDue">(id, planned_end(found.booking));
  unschedule(c, *deadline_of(found.booking), Kind::booking, id.value);
  close_at_end(c, found.booking, found.provider);
  save(c, found.provider);
  free_gpu(c, found.booking);
  return {};
}

void booking_due(Context& c, BookingId id) {
  auto booking = load(c.state, id);
  AITBC_CHECK(booking && !booking->closed, "a closed booking has a deadline");
  Provider provider = existing_provider(c, booking->provider);
  const Seconds due = *deadline_of(*booking);
  if (const auto silence = silence_within(provider.liveness, booking->start, planned_end(*booking), due)) {
    close_faulted(c, *booking, provider, *silence);
  } else if (booking->started) {
    close_at_end(c, *booking, provider);
  } else {
    booking->started = true;
    schedule(c, *deadline_of(*booking), Kind::booking, id.value);
    save(c, *booking);
    emit<"BookingStarted">(c.logs, id, booking->gpu);
    return;
  }
  save(c, provider);
  free_gpu(c, *booking);
}

Outcome<BookingView> get_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Found found, find_booking(c, id));
  return BookingView{std::move(found.booking), found.state};
}

Outcome<Quote> quote_booking(Context& c, GpuId gpu_id, Seconds duration) {
  MARKET_ASSIGN(const Gpu gpu, find_gpu(c, gpu_id));
  MARKET_TRY(check_time(c, gpu, c.now(), duration));
  const auto cost = cost_to_lock(price_now(gpu), duration);
  if (!cost) return revert<"AmountOverflow">();
  return Quote{price_now(gpu), *cost};
}

}  // namespace aitbc::market
