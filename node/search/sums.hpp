// What closed work paid, by provider and hour.
#pragma once

#include "base/amount.hpp"
#include "marketplace/fields.hpp"

namespace aitbc::search {

inline constexpr Seconds kHourSeconds = 3'600;

struct Sums {
  static constexpr std::string_view kName = "Sums";
  Amount paid;    // to providers
  Amount fee;     // to stakers and the treasury
  Amount refund;  // to customers
  std::uint64_t bookings = 0;
  std::uint64_t services = 0;
  std::uint64_t jobs = 0;
  std::uint64_t disputes = 0;
  Seconds gpu_seconds = 0;  // used by the bookings

  static constexpr auto kFields =
      FlatTuple(market::field("paid", &Sums::paid), market::field("fee", &Sums::fee),
                market::field("refund", &Sums::refund), market::field("bookings", &Sums::bookings),
                market::field("services", &Sums::services), market::field("jobs", &Sums::jobs),
                market::field("disputes", &Sums::disputes), market::field("gpuSeconds", &Sums::gpu_seconds));

  void add(const Sums& other);
};

}  // namespace aitbc::search
