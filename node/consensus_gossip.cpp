#include "node/consensus_gossip.hpp"

namespace aitbc {

ConsensusGossip::ConsensusGossip(p2p::Network& network, std::function<void(consensus::Event)> deliver)
    : network_(network), deliver_(std::move(deliver)) {}

ConsensusTransport ConsensusGossip::transport() {
  ConsensusTransport out;
  out.broadcast = [this](const Bytes& message) {
    const p2p::Frame frame = p2p::make_frame(p2p::Consensus{message});
    for (const p2p::Peer& peer : network_.peers()) network_.send(peer.id, frame);
  };
  out.send = [this](consensus::PeerId peer, const Bytes& message) {
    network_.send(peer, p2p::make_frame(p2p::Consensus{message}));
  };
  // Whoever we have it from sends it to all its own peers, or got it from somebody who did: those who are
  // connected with both of them have it. In a full mesh nothing is passed on.
  out.relay = [this](consensus::PeerId from, const Bytes& message) {
    p2p::Frame frame;
    for (const p2p::Peer& peer : network_.peers()) {
      if (peer.id == from || network_.are_neighbours(from, peer.id)) continue;
      if (!frame) frame = p2p::make_frame(p2p::Consensus{message});
      network_.send(peer.id, frame);
    }
  };
  out.punish = [this](consensus::PeerId peer, const std::string& reason) {
    network_.punish(peer, p2p::Offence::violation, reason);
  };
  return out;
}

void ConsensusGossip::on_message(p2p::PeerId peer, const p2p::Message& message, const p2p::Hold&) {
  if (const auto* consensus = std::get_if<p2p::Consensus>(&message))
    deliver_(consensus::MessageReceived{peer, consensus->message});
}

}  // namespace aitbc
