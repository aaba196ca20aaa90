// The real network: TCP and TLS 1.3 with certificates on both ends (tls_identity.hpp), every bound of
// docs/network.md, peer exchange, reconnection.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "node/p2p/network.hpp"
#include "node/p2p/node_address.hpp"
#include "node/runtime/runtime.hpp"
#include "node/telemetry/metrics.hpp"

namespace boost::asio {
class io_context;
}

namespace aitbc::p2p {

struct TlsNetworkOptions {
  bool listen = true;
  std::string listen_address = "127.0.0.1";
  std::uint16_t port = 0;  // 0 takes a free one
  std::size_t max_peers = 50;
  std::vector<NodeAddress> static_peers;
  bool peer_exchange = true;          // connect to nodes that peers tell of
  std::filesystem::path peers_file;   // where those are remembered; empty: nowhere
  std::string client = "aitbc-node";  // name and version
};

// Everything referred to outlives the network.
struct TlsNetworkParts {
  boost::asio::io_context& net;  // of the runtime
  Runtime& runtime;
  Metrics& metrics;
  PrivateKey node_key;
  std::uint64_t chain_id;
  Hash genesis;
  std::function<Head()> head;  // this node's, thread-safe
};

class TlsNetwork final : public Network {
 public:
  // Takes the port. io when it is taken, or a name does not resolve to an address of this machine.
  static Result<std::unique_ptr<TlsNetwork>> open(TlsNetworkParts parts, TlsNetworkOptions options);
  ~TlsNetwork() override;

  // Accepts and connects from now on. Call once, after the listeners were added.
  void start();
  // Says Goodbye to everyone and remembers the peers. On the net executor; when that does not run any more,
  // not everybody may hear it.
  void stop();
  // The same on the net executor, and calls `then` there once everybody has heard it; a second later at most.
  void stop(std::function<void()> then);

  // ---- thread-safe
  NodeAddress address() const;                // where this node listens; port 0 when it does not
  std::vector<Peer> connected() const;        // as of a moment ago
  void add_peer(const NodeAddress& address);  // static from now on
  void remove_peer(const NodeId& node);       // disconnected, and kept out until it is added again

  // ---- Network, on the net executor
  void add_listener(NetworkListener& listener) override;
  std::vector<Peer> peers() const override;
  bool send(PeerId peer, const Frame& frame) override;
  bool are_neighbours(PeerId a, PeerId b) const override;
  void disconnect(PeerId peer, std::string_view reason) override;
  void punish(PeerId peer, Offence offence, std::string_view reason) override;

 private:
  struct Impl;
  explicit TlsNetwork(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;  // shared with what waits on the executor
};

}  // namespace aitbc::p2p
