// Runs of downloaded blocks into the chain, block by block between the chain executor's other work.
#pragma once

#include <deque>
#include <functional>

#include "node/chain/pipeline.hpp"
#include "node/sync/block_download.hpp"

namespace aitbc::sync {

// Lives on the chain executor.
class BlockImport {
 public:
  // What went wrong, where, and who sent it.
  struct Failure {
    p2p::PeerId peer = 0;
    Height height = 0;
    Error error;
  };
  BlockImport(chain::Chain& chain, chain::BlockPipeline pipeline)
      : chain_(chain), pipeline_(std::move(pipeline)) {}

  void add(BlockDownload::Run run) { runs_.push_back(std::move(run)); }
  bool is_idle() const { return runs_.empty() && pipeline_.empty(); }
  // Blocks that were verified and not committed yet.
  std::uint64_t verified_ahead() const;

  struct Progress {
    std::size_t runs = 0;    // used up
    std::size_t blocks = 0;  // committed
    std::optional<Failure> failure;
  };
  // Verifies as many blocks as the pipeline takes and commits one. After a failure all runs are forgotten.
  Progress step();

 private:
  Result<void> enter(const p2p::SealedBlock& sealed, Height height, p2p::PeerId peer);
  void fill(Progress& progress);
  void forget_runs();

  chain::Chain& chain_;
  chain::BlockPipeline pipeline_;
  std::deque<BlockDownload::Run> runs_;
  std::size_t entered_ = 0;             // blocks of the first run
  std::deque<p2p::PeerId> deliverers_;  // of the blocks in the pipeline
};

}  // namespace aitbc::sync
