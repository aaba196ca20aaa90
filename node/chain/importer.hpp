// Exports blocks to a file and imports them again: recovery of senders, execution and writing overlap.
#pragma once

#include <filesystem>
#include <functional>

#include "base/result.hpp"
#include "consensus/engine.hpp"
#include "node/chain/chain.hpp"
#include "node/chain/sender_recovery.hpp"

namespace aitbc::chain {

// Export file: the magic "AITBCBLK1\n", the genesis hash, then per block be32 length | rlp([block, commit
// proof]).

struct TransferProgress {
  Height height = 0;
  std::uint64_t blocks = 0;
  std::uint64_t transactions = 0;
  std::uint64_t bytes = 0;
  std::uint64_t total_bytes = 0;  // of the file; 0 when not known
};
// Called now and then; false stops the work cleanly.
using ProgressListener = std::function<bool(const TransferProgress&)>;

// Writes blocks [first, last] to `file`, by way of a temporary file, so that an interrupted export leaves
// none.
Result<TransferProgress> export_blocks(const ChainView& view, const Hash& genesis_hash, Height first,
                                       Height last, const std::filesystem::path& file,
                                       const ProgressListener& progress);

// Verifies and commits every block above the head; those at or below it must be the ones the chain has. Every
// block's consensus proof, senders and roots are checked. Stops at the first invalid block, with everything
// before it committed.
Result<TransferProgress> import_blocks(Chain& chain, const consensus::ConsensusEngine& engine,
                                       SenderRecovery& recovery, const Mempool* pool,
                                       const std::filesystem::path& file, const ProgressListener& progress);

}  // namespace aitbc::chain
