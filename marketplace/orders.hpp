// Orders that are signed off chain (EIP-712) and sent by anyone.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// A customer's: book me that GPU at any time of the window, for at most that price.
struct BookingOrder {
  static constexpr std::string_view kName = "BookingOrder";
  Address customer;
  GpuId gpu;
  Amount max_price_per_hour;
  Seconds duration = 0;
  Seconds window_start = 0;  // the booking starts within [window_start, window_end]
  Seconds window_end = 0;
  Address refund_to;
  std::string job;
  Seconds expiry = 0;  // the order is void from then on
  std::uint64_t nonce = 0;

  static constexpr auto kFields = FlatTuple(
      field("customer", &BookingOrder::customer), field("gpuId", &BookingOrder::gpu),
      field("maxPricePerHour", &BookingOrder::max_price_per_hour), field("duration", &BookingOrder::duration),
      field("windowStart", &BookingOrder::window_start), field("windowEnd", &BookingOrder::window_end),
      field("refundTo", &BookingOrder::refund_to), field("job", &BookingOrder::job),
      field("expiry", &BookingOrder::expiry), field("nonce", &BookingOrder::nonce));
};

// A provider's: whoever sends this (or that customer only) gets the GPU at that price.
struct OfferOrder {
  static constexpr std::string_view kName = "OfferOrder";
  Address provider;
  GpuId gpu;
  Amount price_per_hour;
  Seconds min_duration = 0;
  Seconds max_duration = 0;
  Seconds window_start = 0;
  Seconds window_end = 0;
  Address customer;  // zero: anyone
  Seconds expiry = 0;
  std::uint64_t nonce = 0;

  static constexpr auto kFields = FlatTuple(
      field("provider", &OfferOrder::provider), field("gpuId", &OfferOrder::gpu),
      field("pricePerHour", &OfferOrder::price_per_hour), field("minDuration", &OfferOrder::min_duration),
      field("maxDuration", &OfferOrder::max_duration), field("windowStart", &OfferOrder::window_start),
      field("windowEnd", &OfferOrder::window_end), field("customer", &OfferOrder::customer),
      field("expiry", &OfferOrder::expiry), field("nonce", &OfferOrder::nonce));
};

// ---- calls. start 0: now, or when the window opens.
Outcome<BookingId> fill_booking_order(Context& c, const BookingOrder& order, const Bytes& signature,
                                      Seconds start);
Outcome<BookingId> fill_offer_order(Context& c, const OfferOrder& order, const Bytes& signature,
                                    Seconds start, Seconds duration, const std::string& job);
// The caller's orders with this nonce are void.
Outcome<void> cancel_order(Context& c, std::uint64_t nonce);

// ---- views
Outcome<bool> is_nonce_used(Context& c, const Address& signer, std::uint64_t nonce);
// What is signed.
Outcome<Hash> booking_order_digest(Context& c, const BookingOrder& order);
Outcome<Hash> offer_order_digest(Context& c, const OfferOrder& order);

}  // namespace aitbc::market
