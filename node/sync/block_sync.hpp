// Keeps the chain up with the network: fetches the blocks that peers have and we do not, verifies and commits
// them, and serves those that others ask for. Used by a new node, by one that was away, by full nodes for
// every block, and by a validator that missed one.
//
// Nothing that a peer says is believed: a block counts once the consensus engine has verified its proof. Only
// then does the node consider itself behind and silence its engine, so a peer that lies about its head
// changes nothing.
#pragma once

#include <functional>
#include <memory>

#include "consensus/engine.hpp"
#include "node/chain/pipeline.hpp"
#include "node/p2p/network.hpp"
#include "node/runtime/runtime.hpp"
#include "node/sync/block_download.hpp"

namespace aitbc::sync {

struct BlockSyncOptions {
  DownloadOptions download;
  // How long a validator that learns of blocks above its head waits for consensus to bring the next one
  // before it asks a peer for them: under load it may be busy with it. Begins anew with each new head.
  Duration patience{500};
  // With so many blocks missing nobody waits; and from here on the engine is silent until the node has caught
  // up.
  Height far_behind = 4;
  // A validator whose disk knows nothing keeps silent at its start until it has seen where its peers are, at
  // most this long. 0: it does not wait.
  Duration wait_at_start{0};
  std::uint64_t max_answer_bytes = 4U << 20;
};

struct SyncStatus {
  bool syncing = false;
  Height start = 0;  // head when this sync began
  Height head = 0;
  Height highest = 0;  // what peers claim
  double blocks_per_second = 0;
  std::uint64_t blocks = 0;  // brought by sync since the node started
  std::uint64_t served = 0;  // blocks sent to others
  std::uint64_t rejected_peers = 0;
};

struct BlockSyncParts {
  Runtime& runtime;
  p2p::Network& network;
  chain::Chain& chain;
  const consensus::ConsensusEngine& engine;
  chain::SenderRecovery& recovery;
  const Mempool* pool;
  // Commits a verified block and tells the engine; on the chain executor.
  chain::BlockPipeline::Commit commit;
  // Tells the engine whether the node syncs; on the net executor.
  std::function<void(bool)> set_syncing;
  // Whether this node takes part in consensus now; on the net executor.
  std::function<bool()> is_validator;
  // A failure of this machine, from any executor.
  std::function<void(const Error&)> on_fatal;
};

class BlockSync {
 public:
  // Adds itself to the network's listeners. Everything in `parts` outlives the executors' last task.
  BlockSync(BlockSyncParts parts, const BlockSyncOptions& options);
  ~BlockSync();

  // On the net executor, once, after the engine was started.
  void start();
  // Thread-safe. As of a moment ago.
  SyncStatus status() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // shared with what it has posted
};

}  // namespace aitbc::sync
