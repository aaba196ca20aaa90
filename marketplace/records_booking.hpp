// Bookings: what orders are called here.
#pragma once

#include <optional>
#include <string>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/records_liveness.hpp"
#include "marketplace/states.hpp"

namespace aitbc::market {

// The rates in force when money was locked; later changes of parameters do not touch it.
struct FeeRates {
  static constexpr std::string_view kName = "FeeRates";
  std::uint16_t take_bps = 0;  // of what is paid for use
  std::uint16_t pool_bps = 0;  // of the fee, to the provider's stakers
  static constexpr auto kFields =
      FlatTuple(field("takeBps", &FeeRates::take_bps), field("poolBps", &FeeRates::pool_bps));
};

struct Booking {
  static constexpr std::string_view kName = "Booking";
  BookingId id;
  GpuId gpu;
  Address provider;
  Address customer;
  Address refund_to;  // the customer, unless a signed order names another
  Seconds created_at = 0;
  Seconds start = 0;
  Seconds end = 0;
  Amount price_per_hour;
  Amount locked;  // by the customer; held until the booking is closed
  std::uint16_t refund_bps = 0;
  FeeRates rates;
  std::string job;  // the customer's reference
  BidId bid;        // that it came from
  bool interruptible = false;
  Seconds evict_at = 0;  // 0 unless a better bid takes over then
  bool started = false;  // its start was processed (and reported by an event)
  DisputeId dispute;
  Amount frozen;             // of the lock, by the dispute
  Seconds frozen_until = 0;  // when the dispute is over at the latest
  // Set when it is closed; until then the state follows from start, end and now.
  bool closed = false;
  BookingState final_state = BookingState::completed;
  Seconds closed_at = 0;  // the moment that counts, not that of processing
  Amount paid;
  Amount fee;
  Amount refund;
  ReviewId review;

  static constexpr auto kFields = FlatTuple(
      field("id", &Booking::id), field("gpuId", &Booking::gpu), field("provider", &Booking::provider),
      field("customer", &Booking::customer), field("refundTo", &Booking::refund_to),
      field("createdAt", &Booking::created_at), field("start", &Booking::start), field("end", &Booking::end),
      field("pricePerHour", &Booking::price_per_hour), field("locked", &Booking::locked),
      field("refundBps", &Booking::refund_bps), field("rates", &Booking::rates), field("job", &Booking::job),
      field("bidId", &Booking::bid), field("interruptible", &Booking::interruptible),
      field("evictAt", &Booking::evict_at), field("disputeId", &Booking::dispute),
      field("frozen", &Booking::frozen), field("frozenUntil", &Booking::frozen_until),
      field("started", &Booking::started), field("closed", &Booking::closed),
      field("finalState", &Booking::final_state), field("closedAt", &Booking::closed_at),
      field("paid", &Booking::paid), field("fee", &Booking::fee), field("refund", &Booking::refund),
      field("reviewId", &Booking::review));

  Amount held() const { return closed ? Amount{} : locked; }
};

// When it ends unless something happens: its end, or its eviction.
Seconds planned_end(const Booking& booking);
// What it is at `now`; the provider's silence ends it.
BookingState state_of(const Booking& booking, const Liveness& provider, Seconds now);
// When its entry of the time index comes up; nullopt when it has none.
std::optional<Seconds> deadline_of(const Booking& booking);

}  // namespace aitbc::market
