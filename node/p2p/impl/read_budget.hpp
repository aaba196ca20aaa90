// Internal to node/p2p.
#pragma once

#include <atomic>
#include <cstddef>

namespace aitbc::p2p {

// Reading pauses everywhere while more than this is held; one frame of each peer may come on top.
inline constexpr std::size_t kMaxHeldTogether = 128U << 20;

class ReadBudget {
 public:
  void take(std::size_t size) { held_ += size; }
  void give_back(std::size_t size) { held_ -= size; }
  bool is_exhausted() const { return held_ > kMaxHeldTogether; }

 private:
  std::atomic<std::size_t> held_{0};
};

}  // namespace aitbc::p2p
