// How much of a GPU's time was booked.
#pragma once

#include "wallet/cli/market_client.hpp"

namespace aitbc::cli {

struct BookedTime {
  std::uint64_t booked_s = 0;
  std::uint64_t span_s = 0;  // since `from`, or since the GPU was registered
  double percent() const {
    return span_s == 0 ? 0 : 100.0 * static_cast<double>(booked_s) / static_cast<double>(span_s);
  }
};
// From `from` (Unix seconds) until now, of a GPU as market_getGpu gives it.
Outcome<BookedTime> booked_time(Context& context, const Json& gpu, std::uint64_t from);

}  // namespace aitbc::cli
