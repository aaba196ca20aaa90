#include "tests/sim/liar.hpp"

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

std::vector<p2p::Frame> Liar::instead_of(const p2p::Frame& frame) {
  if (random_.chance(400)) return {frame};
  const auto message = p2p::decode(*frame);
  if (!message) return {frame};
  if (const auto* blocks = std::get_if<p2p::Blocks>(&*message)) {
    if (random_.chance(300)) return {};  // withheld
    return {p2p::make_frame(twist(*blocks))};
  }
  if (const auto* head = std::get_if<p2p::NewHead>(&*message)) return {p2p::make_frame(twist(*head))};
  return {frame};
}

}  // namespace aitbc::sim
