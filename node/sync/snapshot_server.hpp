// Offers the state of a recent block to nodes that start, and answers their requests for it.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "node/chain/chain.hpp"
#include "node/p2p/network.hpp"
#include "node/runtime/runtime.hpp"

namespace aitbc::sync {

struct SnapshotServerOptions {
  // States of blocks at multiples of this height are kept readable, the latest two of them, so that all nodes
  // offer the same ones. They cost disk for what has changed since.
  Height interval = 1024;
  std::size_t max_chunk_bytes = 1U << 20;
};

// Which state is offered: SnapshotManifest::manifest, rlp([height, block hash]).
struct Manifest {
  Height height = 0;
  Hash block;
  bool operator==(const Manifest&) const = default;
};
Bytes encode(const Manifest& manifest);
Result<Manifest> decode_manifest(ByteView encoded);

// Lives on the net executor; reads on the work executor.
class SnapshotServer final : public p2p::NetworkListener,
                             public std::enable_shared_from_this<SnapshotServer> {
 public:
  // The caller adds it to the network's listeners.
  SnapshotServer(Runtime& runtime, p2p::Network& network, const chain::Chain& chain,
                 const SnapshotServerOptions& options)
      : runtime_(runtime), network_(network), chain_(chain), options_(options) {}

  // The chain has a new head. On the chain executor.
  void on_head(const chain::ChainViewPtr& view);

  void on_disconnected(p2p::PeerId peer) override { under_way_.erase(peer); }
  void on_message(p2p::PeerId peer, const p2p::Message& message, const p2p::Hold& hold) override;

 private:
  void offer(p2p::PeerId peer, const p2p::GetSnapshot& request);
  void serve(p2p::PeerId peer, const p2p::GetStateChunk& request, const p2p::Hold& hold);
  void keep(chain::ChainViewPtr view);

  Runtime& runtime_;
  p2p::Network& network_;
  const chain::Chain& chain_;
  SnapshotServerOptions options_;
  std::vector<chain::ChainViewPtr> kept_;  // the latest last
  std::map<p2p::PeerId, std::size_t> under_way_;
};

}  // namespace aitbc::sync
