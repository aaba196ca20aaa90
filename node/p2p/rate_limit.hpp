// How much of each kind a peer may send. Pure: times are handed in.
#pragma once

#include <array>

#include "node/p2p/messages.hpp"
#include "node/runtime/runtime.hpp"

namespace aitbc::p2p {

// Holds `burst` tokens and gains `per_second`.
class TokenBucket {
 public:
  struct Size {
    std::uint32_t per_second;
    std::uint32_t burst;
  };
  explicit TokenBucket(Size size) : size_(size), level_milli_(std::uint64_t{size.burst} * 1000) {}

  // Takes `tokens` (at most the burst) if there are as many. A clock that went back gains nothing.
  bool take(TimePoint now, std::uint32_t tokens = 1);

 private:
  Size size_;
  std::uint64_t level_milli_;  // tokens / 1000
  TimePoint last_{};
};

// What one peer sends, kind by kind. The limits are far above what an honest node needs (see the table in
// rate_limit.cpp) and far below what would keep this node busy.
class RateLimits {
 public:
  RateLimits();
  // False: one more than the peer may send now.
  bool admit(Kind kind, TimePoint now) { return kind < kKinds && buckets_[kind].take(now); }

 private:
  std::array<TokenBucket, kKinds> buckets_;
};

}  // namespace aitbc::p2p
