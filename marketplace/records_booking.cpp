#include "marketplace/records_booking.hpp"

namespace aitbc::market {

BookingState state_of(const Booking& booking, Seconds now) {
  if (booking.closed) return booking.final_state;
  if (now < booking.start) return BookingState::scheduled;
  return now < booking.end ? BookingState::active : BookingState::completed;
}

std::optional<Seconds> deadline_of(const Booking& booking) {
  if (booking.closed) return std::nullopt;
  return booking.started ? booking.end : booking.start;
}

}  // namespace aitbc::market
