#include "marketplace/booking_open.hpp"

#include "marketplace/models.hpp"
#include "marketplace/money.hpp"

namespace aitbc::market {
namespace {

Outcome<void> check_room(const Context& c, Gpu& gpu, Seconds start, Seconds end) {
  // An auction that is closed late sells time from its end on, before now.
  prune_schedule(gpu.schedule, std::min(c.now(), start));
  if (gpu.schedule.size() >= kMaxSchedule) return revert<"ScheduleFull">(gpu.id, kMaxSchedule);
  return check_free(gpu, start, end);
}

}  // namespace

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

void begin_booking(Context& c, const Booking& booking, const Gpu& gpu) {
  count_busy(c, gpu.spec.model, true);
  emit<"BookingStarted">(c.logs, booking.id, booking.gpu);
}

Outcome<BookingId> open_booking(Context& c, Gpu& gpu, const BookingRequest& request) {
  MARKET_TRY(check_room(c, gpu, request.start, request.start + request.duration));
  if (request.pay_now) MARKET_TRY(lock_from(c, request.customer, request.locked));
  Booking booking;
  booking.id = BookingId{take_id(c.state, Kind::booking)};
  booking.gpu = gpu.id;
  booking.provider = gpu.provider;
  booking.customer = request.customer;
  booking.refund_to = request.refund_to;
  booking.created_at = c.now();
  booking.start = request.start;
  booking.end = request.start + request.duration;
  booking.price_per_hour = request.price_per_hour;
  booking.locked = request.locked;
  booking.refund_bps = gpu.spec.refund_bps;
  booking.rates = current_rates(c.params);
  booking.job = request.job;
  booking.bid = request.bid;
  booking.interruptible = gpu.spec.interruptible;
  booking.started = booking.start <= c.now();
  insert_interval(gpu.schedule, {booking.start, booking.end, booking.id});
  ++gpu.total_bookings;
  save(c, gpu);
  schedule(c, *deadline_of(booking), Kind::booking, booking.id.value);
  ++c.totals.open_bookings;
  save(c, booking);
  emit<"BookingCreated">(c.logs, booking.id, booking.gpu, booking.customer, booking.start, booking.end,
                         booking.price_per_hour, booking.locked);
  if (booking.started) begin_booking(c, booking, gpu);
  return booking.id;
}

Outcome<Seconds> make_way(Context& c, Gpu& gpu, Seconds duration, Amount price_per_hour) {
  const BookingId in_the_way = first_conflict(gpu.schedule, c.now(), c.now() + duration);
  if (in_the_way.is_none()) return c.now();
  auto booking = load(c.state, in_the_way);
  AITBC_CHECK(booking.has_value(), "a schedule names an unknown booking");
  const Seconds at = c.now() + c.params.eviction_notice;
  // Only one that runs now gives way, only to a higher price, and only when it would not leave earlier.
  const bool gives_way = booking->interruptible && booking->evict_at == 0 && booking->start <= c.now() &&
                         price_per_hour > booking->price_per_hour && at < booking->end;
  if (!gives_way) return revert<"GpuNotFree">(gpu.id, c.now(), c.now() + duration, in_the_way);
  unschedule(c, *deadline_of(*booking), Kind::booking, in_the_way.value);
  booking->evict_at = at;
  schedule(c, *deadline_of(*booking), Kind::booking, in_the_way.value);
  save(c, *booking);
  move_end(gpu.schedule, in_the_way, at);
  emit<"BookingEvictionNoticed">(c.logs, in_the_way, gpu.id, at);
  return at;
}

}  // namespace aitbc::market
