#include "tests/sim/liar.hpp"

#include "node/sync/snapshot_server.hpp"
#include "node/sync/state_chunk.hpp"

namespace aitbc::sim {

p2p::Message Liar::twist(p2p::Blocks answer) {
  if (answer.blocks.empty()) return answer;
  p2p::SealedBlock& one = answer.blocks[random_.below(answer.blocks.size())];
  switch (random_.below(5)) {
    case 0:  // a changed block
      one.block[random_.below(one.block.size())] ^= 1;
      break;
    case 1:  // a changed proof
      if (!one.commit_proof.empty()) one.commit_proof[random_.below(one.commit_proof.size())] ^= 1;
      break;
    case 2:  // the proof of another block
      one.commit_proof = answer.blocks.front().commit_proof;
      break;
    case 3:  // a gap
      answer.blocks.erase(answer.blocks.begin());
      break;
    default:  // more than was asked for
      answer.blocks.insert(answer.blocks.end(), answer.blocks.begin(), answer.blocks.end());
      break;
  }
  return answer;
}

p2p::Message Liar::twist(p2p::NewHead head) {
  head.head.number += random_.below(1'000'000);
  return head;
}

// An offer of a block that does not exist.
p2p::Message Liar::twist(p2p::SnapshotManifest offer) {
  auto manifest = sync::decode_manifest(offer.manifest);
  if (!manifest) return offer;
  manifest->height += random_.below(100);
  manifest->block.bytes[0] ^= static_cast<std::uint8_t>(random_.below(2));
  offer.manifest = encode(*manifest);
  return offer;
}

p2p::Message Liar::twist(p2p::StateChunk answer) {
  auto chunk = sync::decode_chunk(answer.content);
  if (!chunk || chunk->items.empty()) return answer;
  KeyValue& item = chunk->items[random_.below(chunk->items.size())];
  switch (random_.below(3)) {
    case 0:  // left out
      chunk->items.pop_back();
      break;
    case 1:  // changed
      if (!item.value.empty()) item.value[random_.below(item.value.size())] ^= 1;
      break;
    default:  // cut short, and said to be all
      chunk->items.resize((chunk->items.size() + 1) / 2);
      chunk->is_last = true;
      break;
  }
  answer.content = encode(*chunk);
  return answer;
}

std::vector<p2p::Frame> Liar::instead_of(const p2p::Frame& frame) {
  if (random_.chance(400)) return {frame};
  const auto message = p2p::decode(*frame);
  if (!message) return {frame};
  if (const auto* blocks = std::get_if<p2p::Blocks>(&*message)) {
    if (random_.chance(300)) return {};  // withheld
    return {p2p::make_frame(twist(*blocks))};
  }
  if (const auto* offer = std::get_if<p2p::SnapshotManifest>(&*message))
    return {p2p::make_frame(twist(*offer))};
  if (const auto* chunk = std::get_if<p2p::StateChunk>(&*message)) {
    if (random_.chance(200)) return {};
    return {p2p::make_frame(twist(*chunk))};
  }
  if (const auto* head = std::get_if<p2p::NewHead>(&*message)) return {p2p::make_frame(twist(*head))};
  return {frame};
}

}  // namespace aitbc::sim
