#include "marketplace/records_booking.hpp"

namespace aitbc::market {

Seconds planned_end(const Booking& booking) { return booking.evict_at == 0 ? booking.end : booking.evict_at; }

BookingState state_of(const Booking& booking, const Liveness& provider, Seconds now) {
  if (booking.closed) {
    const bool overdue = booking.final_state == BookingState::disputed && now >= booking.frozen_until;
    return overdue ? BookingState::resolved : booking.final_state;
  }
  if (silence_within(provider, booking.start, planned_end(booking), now)) return BookingState::faulted;
  if (now < booking.start) return BookingState::scheduled;
  if (now < planned_end(booking)) return BookingState::active;
  return booking.evict_at == 0 ? BookingState::completed : BookingState::evicted;
}

std::optional<Seconds> deadline_of(const Booking& booking) {
  if (booking.closed) return std::nullopt;
  return booking.started ? planned_end(booking) : booking.start;
}

}  // namespace aitbc::market
