// The rate that the node's targets are ratios of.
#pragma once

#include <chrono>
#include <cstddef>

namespace aitbc::bench {

// Signature recoveries per second on that many threads at once.
double measure_ecrecover_rate(std::size_t threads, std::chrono::milliseconds duration);

}  // namespace aitbc::bench
