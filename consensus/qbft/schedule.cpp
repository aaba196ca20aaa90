#include "consensus/qbft/schedule.hpp"

#include <algorithm>

#include "consensus/qbft/header_rules.hpp"

namespace aitbc::qbft {
namespace {

using consensus::Duration;
using consensus::TimePoint;

// Far below the range of TimePoint, far above any honest timestamp.
constexpr Seconds kLastSecond = 1ULL << 50;

TimePoint at_second(Seconds seconds) {
  return TimePoint(std::chrono::seconds(static_cast<std::int64_t>(std::min(seconds, kLastSecond))));
}

std::uint64_t milliseconds(Duration duration) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, duration.count()));
}

TimePoint after_parent(Duration wait, Seconds parent_timestamp, TimePoint parent_began) {
  const Seconds gap = minimum_gap(milliseconds(wait));
  const TimePoint by_timestamp = at_second(parent_timestamp) + std::chrono::seconds(gap);
  if (milliseconds(wait) % 1000 == 0) return by_timestamp;
  return std::max(by_timestamp, parent_began + wait);
}

}  // namespace

TimePoint earliest_proposal(const Schedule& schedule, Seconds parent_timestamp, TimePoint parent_began) {
  return after_parent(schedule.block_period, parent_timestamp, parent_began);
}

TimePoint earliest_empty_proposal(const Schedule& schedule, Seconds parent_timestamp,
                                  TimePoint parent_began) {
  return after_parent(std::max(schedule.block_period, schedule.empty_block_period), parent_timestamp,
                      parent_began);
}

Duration round_timeout(const Schedule& schedule, Round round) {
  const Duration longest = std::max(schedule.max_round_timeout, schedule.request_timeout);
  Duration timeout = schedule.request_timeout;
  for (Round doubled = 0; doubled < round && timeout < longest; ++doubled) timeout *= 2;
  return std::min(timeout, longest);
}

Seconds block_timestamp(const Schedule& schedule, Seconds parent_timestamp, TimePoint now) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  return std::max(static_cast<Seconds>(std::max<std::int64_t>(0, whole)),
                  parent_timestamp + minimum_gap(milliseconds(schedule.block_period)));
}

bool is_due(Seconds timestamp, TimePoint now) {
  return at_second(timestamp) <= now + std::chrono::seconds(1);
}

}  // namespace aitbc::qbft
