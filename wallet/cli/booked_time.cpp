#include "wallet/cli/booked_time.hpp"

#include <algorithm>

namespace aitbc::cli {
namespace {

// Seconds of [from, to) that the booking took.
std::uint64_t overlap(const Json& booking, std::uint64_t from, std::uint64_t to) {
  const std::uint64_t closed = booking["closedAt"].u64().value_or(0);
  const std::uint64_t planned = booking["end"].u64().value_or(0);
  const std::uint64_t end = std::min(closed == 0 ? planned : std::min(closed, planned), to);
  const std::uint64_t start = std::max(booking["start"].u64().value_or(0), from);
  return end > start ? end - start : 0;
}

}  // namespace

Outcome<BookedTime> booked_time(Context& context, const Json& gpu, std::uint64_t from) {
  const std::uint64_t now = context.env.unix_now();
  from = std::max(from, gpu["createdAt"].u64().value_or(0));
  BookedTime out;
  out.span_s = now > from ? now - from : 0;
  JsonObject filters;
  filters.text("gpuId", gpu["id"].text());
  AITBC_TRY(for_each_item(context, "market_listBookings", filters, [&](const Json& booking) {
    out.booked_s += overlap(booking, from, now);
    return true;
  }));
  return out;
}

}  // namespace aitbc::cli
