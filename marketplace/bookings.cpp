#include "marketplace/bookings.hpp"

#include "marketplace/auctions.hpp"
#include "marketplace/booking_close.hpp"
#include "marketplace/booking_open.hpp"
#include "marketplace/gpus.hpp"
#include "marketplace/models.hpp"
#include "marketplace/providers.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxJob = 128;

// A booking with its provider, without which its state is not known.
struct Found {
  Booking booking;
  Provider provider;
  BookingState state;
};

// An open booking is looked up to be ended, as a rule, and that takes its provider, its GPU and its deadline:
// fetched together they are waited for once.
void expect_end(Context& c, const Booking& booking) {
  const auto deadline = deadline_of(booking);
  if (!deadline) return;
  c.state.prefetch(kContract, {provider_key(booking.provider), record_key(Kind::gpu, booking.gpu.value),
                               deadline_key(*deadline, Kind::booking, booking.id.value)});
}

Outcome<Found> find_booking(Context& c, BookingId id) {
  auto booking = load(c.state, id);
  if (!booking) return revert<"BookingNotFound">(id);
  expect_end(c, *booking);
  Provider provider = existing_provider(c, booking->provider);
  const BookingState state = state_of(*booking, provider.liveness, c.now());
  return Found{*std::move(booking), std::move(provider), state};
}

// What is about to be changed.
Outcome<Found> change_booking(Context& c, BookingId id) {
  auto found = find_booking(c, id);
  // An auction's end books for its winner; it changes no booking that is there.
  if (found && !found->booking.closed) close_due_auction(c, found->booking.gpu);
  return found;
}

Outcome<Found> change_own_booking(Context& c, BookingId id) {
  auto found = change_booking(c, id);
  if (found && found->booking.customer != c.caller) found = revert<"NotBookingCustomer">(id, c.caller);
  return found;
}

}  // namespace

Outcome<BookingId> book_gpu(Context& c, GpuId gpu_id, Seconds start, Seconds duration,
                            Amount max_price_per_hour, const std::string& job) {
  MARKET_TRY(check_text("job", job, kMaxJob));
  BookingRequest request;
  request.customer = c.caller;
  request.refund_to = c.caller;
  request.job = job;
  request.start = start == 0 ? c.now() : start;
  request.duration = duration;
  return book_at_market(c, gpu_id, max_price_per_hour, request);
}

Outcome<BookingId> book_at_market(Context& c, GpuId gpu_id, Amount max_price_per_hour,
                                  BookingRequest request) {
  MARKET_ASSIGN(Gpu gpu, find_gpu(c, gpu_id));
  if (gpu.provider == request.customer) return revert<"OwnGpu">(gpu_id);
  gpu = after_auction(c, std::move(gpu));
  const Provider provider = existing_provider(c, gpu.provider);
  MARKET_TRY(check_listed(c, gpu, provider));
  MARKET_TRY(check_time(c, gpu, request.start, request.duration));
  request.price_per_hour = price_now(c, gpu, provider);
  if (request.price_per_hour > max_price_per_hour)
    return revert<"PriceAboveMaximum">(gpu_id, request.price_per_hour, max_price_per_hour);
  const auto cost = cost_to_lock(request.price_per_hour, request.duration);
  if (!cost) return revert<"AmountOverflow">();
  request.locked = *cost;
  return open_booking(c, gpu, request);
}

Outcome<BookingId> book_for_bid(Context& c, Gpu& gpu, const Bid& bid) {
  BookingRequest request;
  request.customer = bid.bidder;
  request.refund_to = bid.bidder;
  request.bid = bid.id;
  request.duration = bid.duration;
  request.locked = bid.amount;
  request.pay_now = false;
  const auto price = cost_per_hour(bid.amount, bid.duration);
  if (!price) return revert<"AmountOverflow">();
  request.price_per_hour = *price;
  MARKET_ASSIGN(request.start, make_way(c, gpu, bid.duration, *price));
  MARKET_TRY(check_time(c, gpu, request.start, request.duration));
  return open_booking(c, gpu, request);
}

Outcome<void> extend_booking(Context& c, BookingId id, Seconds extra) {
  MARKET_ASSIGN(Found found, change_own_booking(c, id));
  Booking& booking = found.booking;
  if (found.state != BookingState::scheduled && found.state != BookingState::active)
    return revert<"WrongBookingState">(id, found.state);
  if (booking.evict_at != 0) return revert<"UnderNotice">(id, booking.evict_at);
  Gpu gpu = existing_gpu(c, booking.gpu);
  MARKET_TRY(check_listed(c, gpu, found.provider));
  const Seconds duration = booking.end - booking.start;
  const Seconds longest = std::min(gpu.spec.max_duration, c.params.max_booking);
  MARKET_TRY(check_range("extra", extra, 1, longest > duration ? longest - duration : 0));
  const Amount price = price_now(c, gpu, found.provider);
  if (price > booking.price_per_hour) return revert<"PriceChanged">(id, booking.price_per_hour, price);
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
  MARKET_ASSIGN(Found found, change_own_booking(c, id));
  if (found.state != BookingState::scheduled) return revert<"WrongBookingState">(id, found.state);
  unschedule(c, *deadline_of(found.booking), Kind::booking, id.value);
  close_booking(c, found.booking, found.provider, c.now(), BookingState::cancelled, Usage{});
  save(c, found.provider);
  return {};
}

Outcome<void> release_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Found found, change_own_booking(c, id));
  Booking& booking = found.booking;
  if (found.state != BookingState::active) return revert<"WrongBookingState">(id, found.state);
  unschedule(c, *deadline_of(booking), Kind::booking, id.value);
  const Liveness& liveness = found.provider.liveness;
  if (!liveness.down.empty() && is_down(liveness, existing_gpu(c, booking.gpu).number)) {
    // The provider itself says that the GPU does not work.
    close_faulted(c, booking, found.provider, c.now());
  } else {
    // Who must go anyway goes when it suits him.
    const std::uint16_t refund_bps = booking.evict_at == 0 ? booking.refund_bps : kFullRefund;
    close_booking(c, booking, found.provider, c.now(), BookingState::released,
                  usage_at(booking, c.now() - booking.start, refund_bps));
  }
  save(c, found.provider);
  return {};
}

Outcome<void> settle_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Found found, change_booking(c, id));
  const bool ends = found.state == BookingState::completed || found.state == BookingState::evicted;
  // A faulted one is closed together with the others of the same outage.
  if (found.booking.closed || found.state == BookingState::faulted)
    return revert<"WrongBookingState">(id, found.state);
  if (!ends) return revert<"BookingNotDue">(id, planned_end(found.booking));
  unschedule(c, *deadline_of(found.booking), Kind::booking, id.value);
  close_at_end(c, found.booking, found.provider);
  save(c, found.provider);
  return {};
}

void booking_due(Context& c, BookingId id) {
  auto booking = load(c.state, id);
  AITBC_CHECK(booking && !booking->closed, "a closed booking has a deadline");
  expect_end(c, *booking);
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
    return begin_booking(c, *booking, existing_gpu(c, booking->gpu));
  }
  save(c, provider);
}

Outcome<BookingView> get_booking(Context& c, BookingId id) {
  MARKET_ASSIGN(Found found, find_booking(c, id));
  return BookingView{std::move(found.booking), found.state};
}

Outcome<Quote> quote_booking(Context& c, GpuId gpu_id, Seconds duration) {
  MARKET_ASSIGN(const Gpu gpu, find_gpu(c, gpu_id));
  MARKET_TRY(check_time(c, gpu, c.now(), duration));
  const Amount price = price_now(c, gpu, existing_provider(c, gpu.provider));
  const auto cost = cost_to_lock(price, duration);
  if (!cost) return revert<"AmountOverflow">();
  return Quote{price, *cost};
}

}  // namespace aitbc::market
