#include "marketplace/records_liveness.hpp"

#include <algorithm>
#include <limits>

namespace aitbc::market {

bool is_present(const Liveness& liveness, Seconds now) {
  if (now < liveness.jailed_until) return false;
  return !liveness.watched || (liveness.online && now < liveness.alive_until);
}

bool is_down(const Liveness& liveness, std::uint64_t gpu_number) {
  return gpu_number / 8 < liveness.down.size() &&
         (liveness.down[gpu_number / 8] >> (gpu_number % 8) & 1) != 0;
}

std::optional<Seconds> silence_within(const Liveness& liveness, Seconds start, Seconds end, Seconds now) {
  const auto overlap = [&](Seconds from, Seconds until) -> std::optional<Seconds> {
    const Seconds at = std::max(start, from);
    return at < std::min(until, end) && at <= now ? std::optional(at) : std::nullopt;
  };
  constexpr Seconds kForever = std::numeric_limits<Seconds>::max();
  if (liveness.offline_from != 0)
    if (const auto at = overlap(liveness.offline_from, liveness.online ? liveness.offline_until : kForever))
      return at;
  // Silent since then, whether that was processed yet or not.
  return liveness.online ? overlap(liveness.alive_until, kForever) : std::nullopt;
}

std::optional<Seconds> deadline_of(const Outage& outage) {
  return outage.phase == OutagePhase::over ? std::nullopt : std::optional(outage.deadline);
}

}  // namespace aitbc::market
