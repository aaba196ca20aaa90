#include "node/sync/block_import.hpp"

namespace aitbc::sync {

Result<void> BlockImport::enter(const p2p::SealedBlock& sealed, Height height, p2p::PeerId peer) {
  auto block = decode_block(sealed.block);
  if (!block) return fail(ErrorCode::invalid_block, "a block does not decode: " + block.error().message);
  if (block->header.number != height) return fail(ErrorCode::invalid_block, "a block of another height");
  const std::uint64_t bytes = sealed.block.size() + sealed.commit_proof.size();
  AITBC_TRY(pipeline_.enter({std::move(*block), sealed.commit_proof, bytes}));
  deliverers_.push_back(peer);
  return {};
}

void BlockImport::fill(Progress& progress) {
  while (!runs_.empty() && pipeline_.has_room()) {
    BlockDownload::Run& run = runs_.front();
    const Height height = run.from + entered_;
    if (height > pipeline_.height() + 1) {
      // Asked for before a failure that came in between.
      runs_.pop_front();
      ++progress.runs;
      continue;
    }
    // Consensus may have committed it meanwhile.
    if (height == pipeline_.height() + 1) {
      if (auto entered = enter(run.blocks[entered_], height, run.peer); !entered) {
        progress.failure = Failure{run.peer, height, std::move(entered).error()};
        forget_runs();
        return;
      }
    }
    if (++entered_ < run.blocks.size()) continue;
    runs_.pop_front();
    entered_ = 0;
    ++progress.runs;
  }
}

void BlockImport::forget_runs() {
  runs_.clear();
  entered_ = 0;
}

std::uint64_t BlockImport::verified_ahead() const {
  const Height head = chain_.view()->head.number;
  const Height verified = pipeline_.verified_height();
  return verified > head ? verified - head : 0;
}

BlockImport::Progress BlockImport::step() {
  Progress progress;
  fill(progress);
  if (pipeline_.empty()) return progress;
  const p2p::PeerId peer = deliverers_.front();
  deliverers_.pop_front();
  auto done = pipeline_.leave();
  if (done) {
    progress.blocks = 1;
    return progress;
  }
  progress.failure = Failure{peer, chain_.view()->head.number + 1, std::move(done).error()};
  pipeline_.clear();
  deliverers_.clear();
  forget_runs();
  return progress;
}

}  // namespace aitbc::sync
