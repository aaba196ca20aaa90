// How often somebody may do something: a bucket of tokens for each name, refilled steadily.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace aitbc::rest {

// Thread-safe. Times are handed in.
class RateLimit {
 public:
  // per_minute >= 1. A bucket that was not used for long is full: that many at once.
  explicit RateLimit(std::uint64_t per_minute) : per_minute_(per_minute) {}

  // 0: granted. Otherwise the seconds until it may be tried again.
  unsigned take(const std::string& name, std::uint64_t now_ms);

 private:
  struct Bucket {
    std::uint64_t milli_tokens = 0;
    std::uint64_t filled_at_ms = 0;
  };
  void forget_full(std::uint64_t now_ms);
  void refill(Bucket& bucket, std::uint64_t now_ms) const;

  const std::uint64_t per_minute_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace aitbc::rest
