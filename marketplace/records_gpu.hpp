// GPUs and their schedules.
#pragma once

#include <string>
#include <vector>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/states.hpp"

namespace aitbc::market {

struct Attribute {
  static constexpr std::string_view kName = "Attribute";
  std::string key;
  std::string value;
  static constexpr auto kFields = FlatTuple(field("key", &Attribute::key), field("value", &Attribute::value));
  bool operator==(const Attribute&) const = default;
};

// What a provider declares about a GPU.
struct GpuSpec {
  static constexpr std::string_view kName = "GpuSpec";
  std::string device_id;  // unique on this chain
  std::string model;
  std::uint32_t memory_gb = 0;
  std::string cuda_version;
  std::string compute_capability;
  std::uint32_t cuda_cores = 0;
  std::string region;
  std::vector<std::string> capabilities;
  std::string category;
  std::vector<Attribute> attributes;
  Amount price_per_hour;
  std::string pricing_strategy;
  std::uint16_t refund_bps = 0;  // of unused time, at an early release
  Seconds min_duration = 0;
  Seconds max_duration = 0;
  bool interruptible = false;

  static constexpr auto kFields = FlatTuple(
      field("deviceId", &GpuSpec::device_id), field("model", &GpuSpec::model),
      field("memoryGb", &GpuSpec::memory_gb), field("cudaVersion", &GpuSpec::cuda_version),
      field("computeCapability", &GpuSpec::compute_capability), field("cudaCores", &GpuSpec::cuda_cores),
      field("region", &GpuSpec::region), field("capabilities", &GpuSpec::capabilities),
      field("category", &GpuSpec::category), field("attributes", &GpuSpec::attributes),
      field("pricePerHour", &GpuSpec::price_per_hour), field("pricingStrategy", &GpuSpec::pricing_strategy),
      field("refundBps", &GpuSpec::refund_bps), field("minDuration", &GpuSpec::min_duration),
      field("maxDuration", &GpuSpec::max_duration), field("interruptible", &GpuSpec::interruptible));
  bool operator==(const GpuSpec&) const = default;
};

// [start, end) is taken by a booking.
struct Interval {
  static constexpr std::string_view kName = "Interval";
  Seconds start = 0;
  Seconds end = 0;
  BookingId booking;
  static constexpr auto kFields = FlatTuple(field("start", &Interval::start), field("end", &Interval::end),
                                            field("bookingId", &Interval::booking));
};
inline constexpr std::size_t kMaxSchedule = 32;

struct Gpu {
  static constexpr std::string_view kName = "Gpu";
  GpuId id;
  Address provider;
  std::uint64_t number = 0;  // among the provider's GPUs, in its heartbeats
  Listing listing = Listing::listed;
  OfferId offer;      // made from it
  AuctionId auction;  // open on it; one at a time
  Seconds created_at = 0;
  GpuSpec spec;
  // Sorted, disjoint, at most kMaxSchedule that have not ended. Ended ones may still be there until the next
  // change.
  std::vector<Interval> schedule;
  std::uint64_t total_bookings = 0;
  std::uint64_t reviews = 0;
  std::uint64_t rating_sum = 0;
  Amount weighted_rating;  // sum of rating * weight
  Amount rating_weight;    // sum of the weights

  static constexpr auto kFields = FlatTuple(
      field("id", &Gpu::id), field("provider", &Gpu::provider), field("number", &Gpu::number),
      field("listing", &Gpu::listing), field("offerId", &Gpu::offer), field("auctionId", &Gpu::auction),
      field("createdAt", &Gpu::created_at), field("spec", &Gpu::spec), field("schedule", &Gpu::schedule),
      field("totalBookings", &Gpu::total_bookings), field("reviews", &Gpu::reviews),
      field("ratingSum", &Gpu::rating_sum), field("weightedRating", &Gpu::weighted_rating),
      field("ratingWeight", &Gpu::rating_weight));
};

// The first booking that overlaps [start, end); none when it is free.
BookingId first_conflict(const std::vector<Interval>& schedule, Seconds start, Seconds end);
// Drops what ended at or before `now`.
void prune_schedule(std::vector<Interval>& schedule, Seconds now);
// Precondition: no conflict.
void insert_interval(std::vector<Interval>& schedule, const Interval& interval);
void remove_interval(std::vector<Interval>& schedule, BookingId booking);
// Precondition: the booking has an interval and the new end conflicts with no other.
void move_end(std::vector<Interval>& schedule, BookingId booking, Seconds end);
// The interval that contains `now`, or null.
const Interval* interval_at(const std::vector<Interval>& schedule, Seconds now);

}  // namespace aitbc::market
