// Answers other nodes' requests for blocks, within limits.
#pragma once

#include <map>

#include "node/chain/chain.hpp"
#include "node/p2p/network.hpp"
#include "node/runtime/runtime.hpp"

namespace aitbc::sync {

// Lives on the net executor; reads on the work executor.
class BlockServer : public std::enable_shared_from_this<BlockServer> {
 public:
  BlockServer(Runtime& runtime, p2p::Network& network, const chain::Chain& chain,
              std::uint64_t max_answer_bytes)
      : runtime_(runtime), network_(network), chain_(chain), max_answer_bytes_(max_answer_bytes) {}

  void serve(p2p::PeerId peer, const p2p::GetBlocks& request, const p2p::Hold& hold);
  void forget(p2p::PeerId peer) { under_way_.erase(peer); }
  std::uint64_t blocks_served() const { return served_; }

 private:
  void answer(p2p::PeerId peer, const p2p::Frame& frame, std::size_t blocks);

  Runtime& runtime_;
  p2p::Network& network_;
  const chain::Chain& chain_;
  std::uint64_t max_answer_bytes_;
  std::map<p2p::PeerId, std::size_t> under_way_;
  std::uint64_t served_ = 0;
};

// Blocks `from` and after it: at most `count`, and no more than fit `max_bytes` (but at least one).
p2p::Blocks read_blocks(const Snapshot& snapshot, const p2p::GetBlocks& request, std::uint64_t max_bytes);

}  // namespace aitbc::sync
