// Tells peers of the node's head: at once when it was quiet, and otherwise the latest one now and then, so
// that a node that imports thousands of blocks does not flood its peers.
#pragma once

#include <memory>
#include <optional>

#include "node/p2p/network.hpp"
#include "node/runtime/runtime.hpp"

namespace aitbc::p2p {

// Lives on the net executor. Network and runtime outlive it.
class HeadGossip {
 public:
  static constexpr Duration kPause{50};

  HeadGossip(Network& network, Runtime& runtime) : network_(network), runtime_(runtime) {}
  void announce(const Head& head);

 private:
  void send(const Head& head);

  Network& network_;
  Runtime& runtime_;
  std::unique_ptr<Runtime::Timer> pause_;  // running since the last announcement
  std::optional<Head> latest_;             // not told yet
};

}  // namespace aitbc::p2p
