#include "load/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace aitbc::bench {

Percentiles percentiles(std::vector<double> latencies_ms) {
  if (latencies_ms.empty()) return {};
  std::sort(latencies_ms.begin(), latencies_ms.end());
  const auto rank = [&](double share) {
    const double position = std::ceil(share * static_cast<double>(latencies_ms.size()));
    return latencies_ms[std::max<std::size_t>(static_cast<std::size_t>(position), 1) - 1];
  };
  return {rank(0.50), rank(0.90), rank(0.99), latencies_ms.back()};
}

}  // namespace aitbc::bench
