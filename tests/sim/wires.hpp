// The network between the simulated nodes: connections that come and go with processes and partitions, and
// messages that are lost, late, doubled and out of order.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "node/p2p/network.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/random.hpp"

namespace aitbc::sim {

using NodeIndex = std::size_t;

struct NetworkWeather {
  std::uint64_t loss_per_mille = 0;
  std::uint64_t duplicate_per_mille = 0;
  std::uint64_t reorder_per_mille = 0;  // otherwise a connection keeps the order
  Duration max_delay{20};
  std::uint64_t disconnect_per_100000 = 0;  // of messages
};

class Wires {
 public:
  class Endpoint;

  Wires(Scheduler& scheduler, std::size_t nodes, std::uint64_t seed);

  NetworkWeather weather;
  // Nodes of different groups cannot reach each other.
  void partition(std::vector<int> group_of_node);
  // Only neighbours on a ring are connected.
  void make_ring() { ring_ = true; }

  // Plugs a new process in. It is unplugged when the endpoint is destroyed.
  std::unique_ptr<Endpoint> plug_in(NodeIndex node, std::shared_ptr<Machine> machine,
                                    std::function<p2p::Head()> head);
  std::uint64_t messages() const { return messages_; }

  // Sees each message that a node sends, and gives what is sent instead.
  std::function<std::vector<p2p::Frame>(NodeIndex from, NodeIndex to, const p2p::Frame&)> on_send;
  // A node complains about another one.
  std::function<void(NodeIndex by, NodeIndex of, p2p::Offence, std::string_view reason)> on_punish;

 private:
  struct Connection {
    std::uint64_t number = 0;
    std::array<NodeIndex, 2> ends{};
    std::array<TimePoint, 2> last_arrival{};  // at each end
  };
  using Connections = std::map<std::uint64_t, Connection>;

  bool can_connect(NodeIndex a, NodeIndex b) const;
  void connect_later(NodeIndex a, NodeIndex b, Duration delay);
  void connect(NodeIndex a, NodeIndex b);
  void cut(std::uint64_t connection, Duration pause);
  void unplug(NodeIndex node);
  Connection* between(NodeIndex a, NodeIndex b);
  bool send(NodeIndex from, std::uint64_t connection, const p2p::Frame& frame);
  void carry(NodeIndex from, const Connection& connection, const p2p::Frame& frame);
  void depart(std::uint64_t connection, std::size_t side, const p2p::Frame& frame);
  void arrive(NodeIndex to, std::uint64_t connection, const p2p::Frame& frame);

  Scheduler& scheduler_;
  Random random_;
  bool ring_ = false;
  std::vector<int> groups_;
  std::vector<Endpoint*> plugged_;
  Connections connections_;
  std::map<std::pair<NodeIndex, NodeIndex>, std::uint64_t> by_ends_;  // the lower one first
  std::uint64_t last_connection_ = 0;
  std::uint64_t messages_ = 0;
};

// One process's network. A peer's number is the connection's.
class Wires::Endpoint final : public p2p::Network {
 public:
  Endpoint(Wires& wires, NodeIndex node, std::shared_ptr<Machine> machine, std::function<p2p::Head()> head);
  ~Endpoint() override;

  void add_listener(p2p::NetworkListener& listener) override { listeners_.push_back(&listener); }
  std::vector<p2p::Peer> peers() const override;
  bool send(p2p::PeerId peer, const p2p::Frame& frame) override;
  bool are_neighbours(p2p::PeerId a, p2p::PeerId b) const override;
  void disconnect(p2p::PeerId peer, std::string_view reason) override;
  void punish(p2p::PeerId peer, p2p::Offence offence, std::string_view reason) override;

  // Which node a peer is.
  std::optional<NodeIndex> node_of(p2p::PeerId peer) const;
  std::optional<p2p::PeerId> peer_for(NodeIndex node) const;
  // Takes connections from now on.
  void open();

 private:
  friend class Wires;
  void connected(std::uint64_t connection, NodeIndex other, const p2p::Head& head);
  void disconnected(std::uint64_t connection);
  void received(std::uint64_t connection, const p2p::Frame& frame);

  Wires& wires_;
  NodeIndex node_;
  std::shared_ptr<Machine> machine_;
  std::function<p2p::Head()> head_;
  bool is_open_ = false;
  std::vector<p2p::NetworkListener*> listeners_;
  std::map<p2p::PeerId, p2p::Peer> peers_;  // as this process knows them, on its net executor
  std::map<p2p::PeerId, NodeIndex> nodes_;  // every peer it ever had
};

}  // namespace aitbc::sim
