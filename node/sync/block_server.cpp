#include "node/sync/block_server.hpp"

#include "node/chain/block_store.hpp"

namespace aitbc::sync {
namespace {

constexpr std::size_t kRequestsPerPeer = 4;

}  // namespace

p2p::Blocks read_blocks(const Snapshot& snapshot, const p2p::GetBlocks& request, std::uint64_t max_bytes) {
  p2p::Blocks answer{request.request, {}};
  std::uint64_t bytes = 0;
  for (std::uint64_t i = 0; i < request.count && i < p2p::kMaxBlocks; ++i) {
    if (request.from + i < request.from) break;
    const auto meta = chain::read_block_meta(snapshot, request.from + i);
    if (!meta || !*meta) break;
    bytes += (*meta)->size_bytes + (*meta)->commit_proof.size();
    if (i > 0 && bytes > max_bytes) break;
    const auto block = chain::read_block(snapshot, request.from + i);
    if (!block || !*block) break;
    answer.blocks.push_back({encode(**block), (*meta)->commit_proof});
  }
  return answer;
}

void BlockServer::serve(p2p::PeerId peer, const p2p::GetBlocks& request, const p2p::Hold& hold) {
  if (under_way_[peer] >= kRequestsPerPeer)
    return network_.punish(peer, p2p::Offence::nuisance, "asks for blocks faster than it takes them");
  ++under_way_[peer];
  runtime_.post_work([self = shared_from_this(), view = chain_.view(), peer, request, hold] {
    p2p::Blocks answer = read_blocks(*view->snapshot, request, self->max_answer_bytes_);
    const std::size_t count = answer.blocks.size();
    const p2p::Frame frame = p2p::make_frame(std::move(answer));
    self->runtime_.post_net([self, peer, frame, count, hold] { self->answer(peer, frame, count); });
  });
}

void BlockServer::answer(p2p::PeerId peer, const p2p::Frame& frame, std::size_t blocks) {
  const auto found = under_way_.find(peer);
  if (found == under_way_.end()) return;  // it has gone
  if (found->second > 0) --found->second;
  served_ += blocks;
  network_.send(peer, frame);
}

}  // namespace aitbc::sync
