// What Byzantine nodes send instead of blocks, heads and state.
#pragma once

#include <optional>
#include <vector>

#include "node/p2p/network.hpp"
#include "tests/sim/random.hpp"

namespace aitbc::sim {

class Liar {
 public:
  explicit Liar(std::uint64_t seed) : random_(seed) {}
  // The frames that go out instead of this one.
  std::vector<p2p::Frame> instead_of(const p2p::Frame& frame);

 private:
  p2p::Message twist(p2p::Blocks blocks);
  p2p::Message twist(p2p::NewHead head);
  p2p::Message twist(p2p::SnapshotManifest offer);
  p2p::Message twist(p2p::StateChunk answer);

  Random random_;
};

}  // namespace aitbc::sim
