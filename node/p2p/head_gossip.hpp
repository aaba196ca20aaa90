// Tells peers of the node's head: at once when it was quiet, otherwise the latest one now and then, so that a
// node that imports thousands of blocks does not flood its peers; and again every few seconds, so that a lost
// announcement cannot leave a peer behind when no further block comes without that peer's vote.
#pragma once

#include <memory>

#include "node/p2p/network.hpp"
#include "node/runtime/runtime.hpp"

namespace aitbc::p2p {

// Lives on the net executor. Network and runtime outlive it.
class HeadGossip {
 public:
  static constexpr Duration kPause{50};
  static constexpr Duration kRepeat{3000};

  HeadGossip(Network& network, Runtime& runtime) : network_(network), runtime_(runtime) {}
  void announce(const Head& head);

 private:
  void send();
  void after_pause();

  Network& network_;
  Runtime& runtime_;
  std::unique_ptr<Runtime::Timer> timer_;
  Head head_;                // the latest
  bool is_pausing_ = false;  // since the last announcement
  bool is_told_ = true;      // head_
};

}  // namespace aitbc::p2p
