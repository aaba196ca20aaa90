// Latency percentiles.
#pragma once

#include <chrono>
#include <vector>

namespace aitbc::bench {

using Clock = std::chrono::steady_clock;

inline double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

struct Percentiles {
  double p50_ms = 0;
  double p90_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
};

// By nearest rank; zeros when there are none.
Percentiles percentiles(std::vector<double> latencies_ms);

}  // namespace aitbc::bench
