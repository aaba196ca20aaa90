// Carries the consensus engine's messages over the network: broadcast, passed on to who may not have them,
// and fed to the engine. On the net executor.
#pragma once

#include <functional>

#include "node/consensus_driver.hpp"
#include "node/p2p/network.hpp"

namespace aitbc {

class ConsensusGossip final : public p2p::NetworkListener {
 public:
  // `deliver` takes what arrives (ConsensusDriver::deliver). The network outlives this.
  ConsensusGossip(p2p::Network& network, std::function<void(consensus::Event)> deliver);

  // Refers to this object.
  ConsensusTransport transport();

  void on_message(p2p::PeerId peer, const p2p::Message& message, const p2p::Hold& hold) override;

 private:
  p2p::Network& network_;
  std::function<void(consensus::Event)> deliver_;
};

}  // namespace aitbc
