// How bookings end, and who then gets what.
#pragma once

#include "marketplace/money.hpp"

namespace aitbc::market {

// Ends the booking at `at`, pays everybody (what a dispute froze stays) and frees the GPU. Its entry of the
// time index must have been taken out. `provider` is changed, not saved.
void close_booking(Context& c, Booking& booking, Provider& provider, Seconds at, BookingState state,
                   const Usage& usage);
// The same at its planned end: completed or evicted.
void close_at_end(Context& c, Booking& booking, Provider& provider);
// The provider fell silent at `at`: the time until then is paid, all of the rest refunded.
void close_faulted(Context& c, Booking& booking, Provider& provider, Seconds at);

}  // namespace aitbc::market
