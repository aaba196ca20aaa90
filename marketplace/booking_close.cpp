#include "marketplace/booking_close.hpp"

#include "marketplace/gpus.hpp"

namespace aitbc::market {

constexpr std::uint16_t kFullRefund = 10'000;

void close_booking(Context& c, Booking& booking, Provider& provider, Seconds at, BookingState state,
                   const Usage& usage) {
  const Closing closing = close_lock(c, provider, booking.customer,
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

void free_gpu(Context& c, const Booking& booking) {
  Gpu gpu = existing_gpu(c, booking.gpu);
  remove_interval(gpu.schedule, booking.id);
  save(c, gpu);
}

}  // namespace aitbc::market
