#include "marketplace/bookings.hpp"

#include "marketplace/gpus.hpp"
#include "marketplace/money.hpp"
#include "marketplace/providers.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxJob = 128;

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
  booking.rates = current_rates(c.params);
  booking.started = booking.start == c.now();
  schedule(c, *deadline_of(booking), Kind::booking, booking.id.value);
  ++c.totals.open_bookings;
  save(c, booking);
  emit<"BookingCreated">(c.logs, booking.id, booking.gpu, booking.customer, booking.start, booking.end,
                         booking.price_per_hour, booking.locked);
  if (booking.started) emit<"BookingStarted">(c.logs, booking.id, booking.gpu);
}

// Ends the booking at `at`, in `state`, and pays everybody. Its deadline must have been taken out.
void close_booking(Context& c, Booking& booking, Seconds at, BookingState state, const Usage& usage) {
  Provider provider = existing_provider(c, booking.provider);
  const Closing closing = close_lock(c, provider, booking.customer, booking.locked, usage, booking.rates);
  ++provider.closed_bookings;
  save(c, provider);
  booking.closed = true;
  booking.final_state = state;
  booking.closed_at = at;
  booking.paid = closing.paid;
  booking.fee = closing.fee;
  booking.refund = closing.refund;
  --c.totals.open_bookings;
  save(c, booking);
  const Seconds used = at > booking.start ? at - booking.start : 0;
  emit<"BookingClosed">(c.logs, booking.id, booking.gpu, booking.customer, state, used, closing.paid,
                        closing.fee, closing.refund);
}

void free_gpu(Context& c, const Booking& booking) {
  Gpu gpu = existing_gpu(c, booking.gpu);
  remove_interval(gpu.schedule, booking.id);
  save(c, gpu);
}

void complete(Context& c, Booking& booking) {
  close_booking(c, booking, booking.end, BookingState::completed,
                usage_at(booking, booking.end - booking.start, booking.refund_bps));
  free_gpu(c, booking);
}

Outcome<Booking> find_booking(Context& c, BookingId id) {
  if (auto booking = load(c.state, id)) return *std::move(booking);
  return revert<"BookingNotFound">(id);
}

Outcome<Booking> find_own_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Booking booking, find_booking(c, id));
  if (booking.customer != c.caller) return revert<"NotBookingCustomer">(id, c.caller);
  return booking;
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
  const Terms terms{c.now(), bid.duration, *price, bid.amount};
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
  MARKET_ASSIGN(Booking booking, find_own_booking(c, id));
  const BookingState state = state_of(booking, c.now());
  if (state != BookingState::scheduled && state != BookingState::active)
    return revert<"WrongBookingState">(id, state);
  Gpu gpu = existing_gpu(c, booking.gpu);
  MARKET_TRY(check_listed(c, gpu, existing_provider(c, gpu.provider)));
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
  MARKET_ASSIGN(Booking booking, find_own_booking(c, id));
  const BookingState state = state_of(booking, c.now());
  if (state != BookingState::scheduled) return revert<"WrongBookingState">(id, state);
  unschedule(c, *deadline_of(booking), Kind::booking, id.value);
  close_booking(c, booking, c.now(), BookingState::cancelled, Usage{});
  free_gpu(c, booking);
  return {};
}

Outcome<void> release_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Booking booking, find_own_booking(c, id));
  const BookingState state = state_of(booking, c.now());
  if (state != BookingState::active) return revert<"WrongBookingState">(id, state);
  unschedule(c, *deadline_of(booking), Kind::booking, id.value);
  close_booking(c, booking, c.now(), BookingState::released,
                usage_at(booking, c.now() - booking.start, booking.refund_bps));
  free_gpu(c, booking);
  return {};
}

Outcome<void> settle_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Booking booking, find_booking(c, id));
  if (booking.closed) return revert<"WrongBookingState">(id, booking.final_state);
  if (state_of(booking, c.now()) != BookingState::completed) return revert<"BookingNotDue">(id, booking.end);
  unschedule(c, *deadline_of(booking), Kind::booking, id.value);
  complete(c, booking);
  return {};
}

void booking_due(Context& c, BookingId id) {
  auto booking = load(c.state, id);
  AITBC_CHECK(booking && !booking->closed, "a closed booking has a deadline");
  if (booking->started) return complete(c, *booking);
  booking->started = true;
  schedule(c, booking->end, Kind::booking, id.value);
  save(c, *booking);
  emit<"BookingStarted">(c.logs, id, booking->gpu);
}

Outcome<BookingView> get_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Booking booking, find_booking(c, id));
  const BookingState state = state_of(booking, c.now());
  return BookingView{std::move(booking), state};
}

Outcome<Quote> quote_booking(Context& c, GpuId gpu_id, Seconds duration) {
  MARKET_ASSIGN(const Gpu gpu, find_gpu(c, gpu_id));
  MARKET_TRY(check_time(c, gpu, c.now(), duration));
  const auto cost = cost_to_lock(price_now(gpu), duration);
  if (!cost) return revert<"AmountOverflow">();
  return Quote{price_now(gpu), *cost};
}

}  // namespace aitbc::market
