#include "node/sync/snapshot_server.hpp"

#include <algorithm>

#include "codec/rlp.hpp"
#include "node/sync/state_chunk.hpp"

namespace aitbc::sync {
namespace {

constexpr std::size_t kKept = 2;
constexpr std::size_t kRequestsPerPeer = 8;

}  // namespace

Bytes encode(const Manifest& manifest) {
  rlp::Encoder out;
  out.begin_list().u64(manifest.height).bytes(manifest.block).end_list();
  return out.take();
}

Result<Manifest> decode_manifest(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder in, rlp::decode_list(encoded));
  Manifest manifest;
  AITBC_ASSIGN(manifest.height, in.u64());
  AITBC_ASSIGN(manifest.block, in.fixed<Hash>());
  AITBC_TRY(in.finish());
  return manifest;
}

void SnapshotServer::on_head(const chain::ChainViewPtr& view) {
  if (view->head.number % options_.interval != 0) return;
  runtime_.post_net([self = shared_from_this(), view] { self->keep(view); });
}

void SnapshotServer::keep(chain::ChainViewPtr view) {
  kept_.push_back(std::move(view));
  if (kept_.size() > kKept) kept_.erase(kept_.begin());
}

void SnapshotServer::on_message(p2p::PeerId peer, const p2p::Message& message, const p2p::Hold& hold) {
  if (const auto* wanted = std::get_if<p2p::GetSnapshot>(&message)) offer(peer, *wanted);
  if (const auto* wanted = std::get_if<p2p::GetStateChunk>(&message)) serve(peer, *wanted, hold);
}

// After a start nothing is kept: then the present head is what the node can offer.
void SnapshotServer::offer(p2p::PeerId peer, const p2p::GetSnapshot& request) {
  if (kept_.empty() && chain_.view()->head.number > 0) keep(chain_.view());
  Bytes manifest;
  if (!kept_.empty()) manifest = encode(Manifest{kept_.back()->head.number, kept_.back()->head_hash});
  network_.send(peer, p2p::make_frame(p2p::SnapshotManifest{request.request, std::move(manifest)}));
}

void SnapshotServer::serve(p2p::PeerId peer, const p2p::GetStateChunk& request, const p2p::Hold& hold) {
  const auto cursor = decode_cursor(request.cursor);
  if (!cursor) return network_.punish(peer, p2p::Offence::violation, cursor.error().message);
  const auto view = std::find_if(kept_.begin(), kept_.end(),
                                 [&](const auto& each) { return each->head_hash == request.block; });
  if (view == kept_.end()) {
    network_.send(peer, p2p::make_frame(p2p::StateChunk{request.request, {}}));
    return;
  }
  if (under_way_[peer] >= kRequestsPerPeer)
    return network_.punish(peer, p2p::Offence::nuisance, "asks for state faster than it takes it");
  ++under_way_[peer];
  runtime_.post_work(
      [self = shared_from_this(), view = *view, cursor = *cursor, peer, number = request.request, hold] {
        const auto chunk = read_chunk(*view->snapshot, cursor, self->options_.max_chunk_bytes);
        p2p::StateChunk answer{number, {}};
        if (chunk && *chunk) answer.content = encode(**chunk);
        self->runtime_.post_net([self, peer, frame = p2p::make_frame(std::move(answer)), hold] {
          const auto found = self->under_way_.find(peer);
          if (found == self->under_way_.end()) return;
          --found->second;
          self->network_.send(peer, frame);
        });
      });
}

}  // namespace aitbc::sync
