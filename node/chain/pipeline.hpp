// Blocks on their way into the chain: consensus proofs are checked and senders are recovered on the way, on
// all cores, and the exit executes and commits in order. So both overlap the execution of earlier blocks.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <optional>

#include "base/result.hpp"
#include "consensus/engine.hpp"
#include "node/chain/chain.hpp"
#include "node/chain/sender_recovery.hpp"

namespace aitbc::chain {

// A block that claims to be final, as it comes from a peer or a file.
struct IncomingBlock {
  UnrecoveredBlock block;
  Bytes commit_proof;
  std::uint64_t bytes = 0;  // it took on its way; counts against the limits of whoever holds it
};

// Not thread-safe: belongs to the chain's thread.
class BlockPipeline {
 public:
  // Chain::commit, or something that does it and more.
  using Commit = std::function<Result<void>(const Block&, ByteView commit_proof, Durability)>;
  // Everything referred to outlives the pipeline.
  BlockPipeline(Chain& chain, const consensus::ConsensusEngine& engine, SenderRecovery& recovery,
                const Mempool* pool, Commit commit);

  bool empty() const { return in_flight_.empty(); }
  bool has_room() const;
  // Of the last block that entered, or the head's.
  Height height() const;
  // Up to here a quorum of validators is known to vouch for every block.
  Height verified_height() const;

  // Begins to check what needs no execution: the link to the block before, the consensus rules and the proof,
  // and then the senders. invalid_block: it is known already that it fails, and it did not enter; what takes
  // longer to find is told by leave().
  Result<void> enter(IncomingBlock block);

  struct Done {
    Height height = 0;
    std::size_t transactions = 0;
    std::uint64_t bytes = 0;
  };
  // Executes and commits the oldest one. Precondition: not empty. invalid_block: its proof does not hold, or
  // it came with transactions that its header does not name. corruption: this machine disagrees with a quorum
  // of validators about the block.
  Result<Done> leave();
  // Forgets what is under way.
  void clear();

 private:
  using Verdict = std::shared_future<Result<void>>;
  struct InFlight {
    Header header;
    Bytes commit_proof;
    std::uint64_t bytes;
    Verdict verified;
    std::future<Result<Block>> recovered;
  };

  Chain& chain_;
  const consensus::ConsensusEngine& engine_;
  SenderRecovery& recovery_;
  const Mempool* pool_;
  Commit commit_;
  std::deque<InFlight> in_flight_;
  std::uint64_t bytes_in_flight_ = 0;
  std::uint64_t unsynced_bytes_ = 0;
};

}  // namespace aitbc::chain
