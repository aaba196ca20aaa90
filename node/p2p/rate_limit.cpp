#include "node/p2p/rate_limit.hpp"

#include <algorithm>
#include <utility>

namespace aitbc::p2p {
namespace {

// Messages, in the order of the variant. Blocks commit 100 times a second at most (a period of 10 ms), a
// round of a hundred validators is some 300 consensus messages, announcements are sent every few milliseconds
// at most, and answers come one for each request of ours.
constexpr std::array<TokenBucket::Size, kKinds> kSizes{{
    {1, 1},        // hello
    {1, 1},        // goodbye
    {2, 10},       // ping
    {2, 10},       // pong
    {2, 20},       // neighbours
    {200, 400},    // new_head
    {400, 800},    // transaction_hashes
    {400, 800},    // get_transactions
    {400, 800},    // transactions
    {2000, 8000},  // consensus
    {200, 400},    // get_blocks
    {200, 400},    // blocks
    {2, 10},       // get_snapshot
    {2, 10},       // snapshot_manifest
    {200, 400},    // get_state_chunk
    {200, 400},    // state_chunk
}};

template <std::size_t... Kinds>
std::array<TokenBucket, kKinds> full_buckets(std::index_sequence<Kinds...>) {
  return {TokenBucket(kSizes[Kinds])...};
}

}  // namespace

bool TokenBucket::take(TimePoint now, std::uint32_t tokens) {
  if (now > last_) {
    const auto elapsed = static_cast<std::uint64_t>((now - last_).count());
    const std::uint64_t full = std::uint64_t{size_.burst} * 1000;
    // Full again after burst / per_second seconds, so a longer absence need not be multiplied.
    const std::uint64_t enough = full / size_.per_second + 1;
    level_milli_ = std::min(full, level_milli_ + std::min(elapsed, enough) * size_.per_second);
    last_ = now;
  }
  const std::uint64_t wanted = std::uint64_t{tokens} * 1000;
  if (level_milli_ < wanted) return false;
  level_milli_ -= wanted;
  return true;
}

RateLimits::RateLimits() : buckets_(full_buckets(std::make_index_sequence<kKinds>())) {}

}  // namespace aitbc::p2p
