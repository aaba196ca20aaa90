// Bookings of GPUs by the second.
#pragma once

#include "marketplace/booking_open.hpp"
#include "marketplace/context.hpp"

namespace aitbc::market {

// ---- calls
// start 0: now. Locks ceil(price * duration / 3600).
Outcome<BookingId> book_gpu(Context& c, GpuId gpu, Seconds start, Seconds duration, Amount max_price_per_hour,
                            const std::string& job);
Outcome<void> extend_booking(Context& c, BookingId id, Seconds extra);
Outcome<void> cancel_booking(Context& c, BookingId id);
Outcome<void> release_booking(Context& c, BookingId id);
Outcome<void> settle_booking(Context& c, BookingId id);

// ---- views
struct BookingView {
  static constexpr std::string_view kName = "BookingView";
  Booking booking;
  BookingState state = BookingState::scheduled;
  static constexpr auto kFields =
      FlatTuple(field("booking", &BookingView::booking), field("state", &BookingView::state));
};
Outcome<BookingView> get_booking(Context& c, BookingId id);
struct Quote {
  static constexpr std::string_view kName = "Quote";
  Amount price_per_hour;
  Amount cost;  // that a booking of this length would lock now
  static constexpr auto kFields =
      FlatTuple(field("pricePerHour", &Quote::price_per_hour), field("cost", &Quote::cost));
};
Outcome<Quote> quote_booking(Context& c, GpuId gpu, Seconds duration);

// ---- for the rest of the module
// At the GPU's present price, which must not exceed the maximum. Fills in price and lock.
Outcome<BookingId> book_at_market(Context& c, GpuId gpu, Amount max_price_per_hour, BookingRequest request);
// A booking from now on for money that the contract holds already (an accepted bid's).
Outcome<BookingId> book_for_bid(Context& c, Gpu& gpu, const Bid& bid);
// The booking's entry of the time index came up: it starts or ends.
void booking_due(Context& c, BookingId id);

}  // namespace aitbc::market
