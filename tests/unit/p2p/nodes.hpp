// Real networks on one thread: TCP and TLS over the loopback, driven until something is true.
#pragma once

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "node/p2p/tls_network.hpp"
#include "node/runtime/asio_runtime.hpp"

namespace aitbc::p2p::test {

struct Received {
  PeerId peer;
  Message message;
};

// Writes down what happens; keeps holds when told to.
struct Recorder final : NetworkListener {
  std::vector<Peer> connections;
  std::vector<PeerId> disconnections;
  std::vector<Received> messages;
  bool keeps_holds = false;
  std::vector<Hold> holds;

  void on_connected(const Peer& peer) override { connections.push_back(peer); }
  void on_disconnected(PeerId peer) override { disconnections.push_back(peer); }
  void on_message(PeerId peer, const Message& message, const Hold& hold) override {
    messages.push_back({peer, message});
    if (keeps_holds) holds.push_back(hold);
  }
};

struct Chain {
  std::uint64_t id = 661436;
  std::uint8_t genesis = 1;
};

class World;

struct Node {
  Node(World& world, Chain chain, TlsNetworkOptions options, PrivateKey key);
  ~Node();

  PrivateKey key;
  Metrics metrics;
  Head head{7, {}};
  Recorder recorder;
  std::unique_ptr<TlsNetwork> network;

  NodeAddress address() const { return network->address(); }
  std::size_t peer_count() const { return network->peers().size(); }
  // The connection with that node; 0 when there is none.
  PeerId peer_of(const Node& other) const;
  // The value of a counter, over all its labels; "name{label" selects.
  double counter(const std::string& name) const;
};

class World {
 public:
  boost::asio::io_context net, chain;
  AsioRuntime runtime{net, chain, 1};

  // Options beyond the defaults of a test: no peer exchange, a free port.
  std::unique_ptr<Node> node(Chain chain = {}, const std::function<void(TlsNetworkOptions&)>& adjust = {},
                             const PrivateKey& key = PrivateKey::generate());
  // False when it did not come true in time.
  bool run_until(const std::function<bool()>& condition, Duration limit = std::chrono::seconds(20));
  void run_for(Duration duration) {
    run_until([] { return false; }, duration);
  }
};

inline auto calling(const Node& other) {
  return [address = other.address()](TlsNetworkOptions& options) { options.static_peers = {address}; };
}

}  // namespace aitbc::p2p::test
