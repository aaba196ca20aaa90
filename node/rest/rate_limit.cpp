#include "node/rest/rate_limit.hpp"

#include <algorithm>

namespace aitbc::rest {
namespace {

constexpr std::uint64_t kMilli = 1000;
constexpr std::uint64_t kMinuteMs = 60'000;
// Names that are remembered at a time; full buckets are forgotten first.
constexpr std::size_t kMaxBuckets = 10'000;

}  // namespace

void RateLimit::refill(Bucket& bucket, std::uint64_t now_ms) const {
  const std::uint64_t passed = std::min(now_ms - std::min(now_ms, bucket.filled_at_ms), kMinuteMs);
  bucket.milli_tokens =
      std::min(bucket.milli_tokens + passed * per_minute_ * kMilli / kMinuteMs, per_minute_ * kMilli);
  bucket.filled_at_ms = now_ms;
}

void RateLimit::forget_full(std::uint64_t now_ms) {
  for (auto at = buckets_.begin(); at != buckets_.end();) {
    refill(at->second, now_ms);
    at = at->second.milli_tokens == per_minute_ * kMilli ? buckets_.erase(at) : std::next(at);
  }
}

unsigned RateLimit::take(const std::string& name, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kMaxBuckets && buckets_.find(name) == buckets_.end()) forget_full(now_ms);
  if (buckets_.size() >= kMaxBuckets && buckets_.find(name) == buckets_.end()) return 1;
  Bucket& bucket = buckets_.try_emplace(name, Bucket{per_minute_ * kMilli, now_ms}).first->second;
  refill(bucket, now_ms);
  if (bucket.milli_tokens >= kMilli) {
    bucket.milli_tokens -= kMilli;
    return 0;
  }
  const std::uint64_t missing = kMilli - bucket.milli_tokens;
  return static_cast<unsigned>(missing * kMinuteMs / (per_minute_ * kMilli) / kMilli + 1);
}

}  // namespace aitbc::rest
