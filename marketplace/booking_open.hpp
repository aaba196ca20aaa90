// How bookings begin.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

struct BookingRequest {
  Address customer;
  Address refund_to;
  std::string job;
  BidId bid;
  Seconds start = 0;
  Seconds duration = 0;
  Amount price_per_hour;
  Amount locked;
  bool pay_now = true;  // from the customer's balance; otherwise the contract holds the money already
};
// Reserves the time, if the schedule has room, and makes the record. `gpu` is saved. Changes nothing when it
// fails. Precondition: check_time(), but for a start in the past that the contract itself decided on.
Outcome<BookingId> open_booking(Context& c, Gpu& gpu, const BookingRequest& request);
Outcome<void> check_time(const Context& c, const Gpu& gpu, Seconds start, Seconds duration);
Outcome<void> check_free(const Gpu& gpu, Seconds start, Seconds end);
// Its time has come: it counts among the busy ones.
void begin_booking(Context& c, const Booking& booking, const Gpu& gpu);
// When the GPU will be free for a bid of that price: now, or once an interruptible booking, which gets its
// notice here, has left. Fails with GpuNotFree.
Outcome<Seconds> make_way(Context& c, Gpu& gpu, Seconds duration, Amount price_per_hour);

}  // namespace aitbc::market
