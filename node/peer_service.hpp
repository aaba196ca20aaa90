// The node's side of the network: identity, connections, and the gossip of transactions, consensus messages
// and heads over them.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "mempool/mempool.hpp"
#include "node/config.hpp"
#include "node/consensus_driver.hpp"
#include "node/opened_chain.hpp"
#include "node/p2p/tls_network.hpp"
#include "node/runtime/runtime.hpp"
#include "node/telemetry/metrics.hpp"

namespace boost::asio {
class io_context;
}

namespace aitbc {

// invalid_input when an address or a static peer is none.
Result<p2p::TlsNetworkOptions> network_options(const NodeConfig& config);

// Everything referred to outlives the service.
struct PeerParts {
  const NodeConfig& config;
  boost::asio::io_context& net;  // of the runtime
  Runtime& runtime;
  OpenedChain& opened;
  Mempool& mempool;
  Metrics& metrics;
  // Takes the consensus messages that arrive (ConsensusDriver::deliver).
  std::function<void(consensus::Event)> deliver;
};

class PeerService {
 public:
  // Reads the node's key, or makes it, and takes the port. io when the port is taken; invalid_input when a
  // static peer is not an enode.
  static Result<std::unique_ptr<PeerService>> open(PeerParts parts);
  ~PeerService();

  p2p::TlsNetwork& network();
  // Valid while the service lives.
  ConsensusTransport transport();

  // Accepts and connects from now on.
  void start();
  // Takes leave of everyone. When the net executor does not run any more.
  // As TlsNetwork's.
  void stop();
  void stop(std::function<void()> then);

  // Thread-safe: what the chain and the pool tell, for peers.
  void on_head(const chain::HeadEvent& event);
  void on_admitted(std::span<const TransactionPtr> admitted);

 private:
  PeerService();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc
