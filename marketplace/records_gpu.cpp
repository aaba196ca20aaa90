#include "marketplace/records_gpu.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace aitbc::market {
namespace {

auto find_booking(std::vector<Interval>& schedule, BookingId booking) {
  return std::find_if(schedule.begin(), schedule.end(),
                      [&](const Interval& interval) { return interval.booking == booking; });
}

}  // namespace

BookingId first_conflict(const std::vector<Interval>& schedule, Seconds start, Seconds end) {
  for (const Interval& interval : schedule)
    if (interval.start < end && start < interval.end) return interval.booking;
  return {};
}

void prune_schedule(std::vector<Interval>& schedule, Seconds now) {
  std::erase_if(schedule, [&](const Interval& interval) { return interval.end <= now; });
}

void insert_interval(std::vector<Interval>& schedule, const Interval& interval) {
  const auto at = std::find_if(schedule.begin(), schedule.end(),
                               [&](const Interval& each) { return each.start >= interval.end; });
  AITBC_CHECK(at == schedule.begin() || std::prev(at)->end <= interval.start, "bookings overlap");
  schedule.insert(at, interval);
}

void remove_interval(std::vector<Interval>& schedule, BookingId booking) {
  std::erase_if(schedule, [&](const Interval& interval) { return interval.booking == booking; });
}

void move_end(std::vector<Interval>& schedule, BookingId booking, Seconds end) {
  const auto at = find_booking(schedule, booking);
  AITBC_CHECK(at != schedule.end(), "a booking is missing from its GPU's schedule");
  AITBC_CHECK(std::next(at) == schedule.end() || end <= std::next(at)->start, "bookings overlap");
  at->end = end;
}

const Interval* interval_at(const std::vector<Interval>& schedule, Seconds now) {
  for (const Interval& interval : schedule)
    if (interval.start <= now && now < interval.end) return &interval;
  return nullptr;
}

}  // namespace aitbc::market
