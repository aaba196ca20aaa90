#include "marketplace/booking_close.hpp"

#include "marketplace/models.hpp"

namespace aitbc::market {

namespace {

// Takes the booking out of its GPU's schedule and into the statistics of the model.
void leave_gpu(Context& c, const Booking& booking, Amount gross) {
  const Gpu& gpu =
      update(c, booking.gpu, [&](Gpu& changed) { remove_interval(changed.schedule, booking.id); });
  if (booking.started) count_busy(c, gpu.spec.model, false);
  // What a dispute froze is no price that anybody agreed on.
  if (booking.frozen.is_zero()) record_usage(c, gpu.spec.model, booking, gross);
}

}  // namespace

void close_booking(Context& c, Booking& booking, Provider& provider, Seconds at, BookingState state,
                   const Usage& usage) {
  const Closing closing = close_lock(c, provider, booking.refund_to,
                                     difference(booking.locked, booking.frozen), usage, booking.rates);
  ++provider.closed_bookings;
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
  leave_gpu(c, booking, usage.gross);
}

void close_at_end(Context& c, Booking& booking, Provider& provider) {
  const Seconds at = planned_end(booking);
  const bool evicted = booking.evict_at != 0;
  if (evicted) ++provider.evicted_bookings;
  close_booking(c, booking, provider, at, evicted ? BookingState::evicted : BookingState::completed,
                usage_at(booking, at - booking.start, kFullRefund));
}

void close_faulted(Context& c, Booking& booking, Provider& provider, Seconds at) {
  ++provider.faulted_bookings;
  close_booking(c, booking, provider, at, BookingState::faulted,
                usage_at(booking, at - booking.start, kFullRefund));
}

}  // namespace aitbc::market
