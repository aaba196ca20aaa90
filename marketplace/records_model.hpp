// GPU models as markets: how many there are, how many are busy, and what an hour has cost.
#pragma once

#include <string>
#include <vector>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"

namespace aitbc::market {

struct ModelStats {
  static constexpr std::string_view kName = "ModelStats";
  ModelNumber number;
  std::string model;
  std::uint64_t listed = 0;  // GPUs
  std::uint64_t busy = 0;    // bookings that have begun and are not closed
  Amount index;              // price of an hour in the last epoch that had one; zero before

  static constexpr auto kFields =
      FlatTuple(field("number", &ModelStats::number), field("model", &ModelStats::model),
                field("listed", &ModelStats::listed), field("busy", &ModelStats::busy),
                field("index", &ModelStats::index));
};

// What was used of a model within one epoch; gone once its index is worked out.
struct EpochSums {
  static constexpr std::string_view kName = "EpochSums";
  ModelNumber model;
  Seconds end = 0;  // of the epoch
  std::uint64_t bookings = 0;
  Seconds seconds = 0;
  // While it is worked out, pair by pair:
  Amount capped_gross;
  Seconds capped_seconds = 0;

  static constexpr auto kFields = FlatTuple(
      field("modelNumber", &EpochSums::model), field("end", &EpochSums::end),
      field("bookings", &EpochSums::bookings), field("seconds", &EpochSums::seconds),
      field("cappedGross", &EpochSums::capped_gross), field("cappedSeconds", &EpochSums::capped_seconds));
};

// The part of one customer and one provider in that.
struct PairSums {
  static constexpr std::string_view kName = "PairSums";
  ModelNumber model;
  Seconds end = 0;
  Address customer;
  Address provider;
  Amount gross;
  Seconds seconds = 0;

  static constexpr auto kFields =
      FlatTuple(field("modelNumber", &PairSums::model), field("end", &PairSums::end),
                field("customer", &PairSums::customer), field("provider", &PairSums::provider),
                field("gross", &PairSums::gross), field("seconds", &PairSums::seconds));
};

struct PricePoint {
  static constexpr std::string_view kName = "PricePoint";
  Seconds end = 0;  // of the epoch
  Amount index;     // base units per hour
  std::uint64_t bookings = 0;
  Seconds seconds = 0;

  static constexpr auto kFields =
      FlatTuple(field("end", &PricePoint::end), field("index", &PricePoint::index),
                field("bookings", &PricePoint::bookings), field("seconds", &PricePoint::seconds));
};
// The last kMaxPriceHistory epochs that had one, oldest first.
struct PriceHistory {
  static constexpr std::string_view kName = "PriceHistory";
  ModelNumber model;
  std::vector<PricePoint> points;
  static constexpr auto kFields =
      FlatTuple(field("modelNumber", &PriceHistory::model), field("points", &PriceHistory::points));
};
inline constexpr std::size_t kMaxPriceHistory = 32;

}  // namespace aitbc::market
