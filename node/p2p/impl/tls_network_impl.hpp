// What the parts of TlsNetwork share. Net thread only, but for `published`. Internal to node/p2p.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "node/p2p/address_book.hpp"
#include "node/p2p/impl/connection.hpp"
#include "node/p2p/impl/read_budget.hpp"
#include "node/p2p/rate_limit.hpp"
#include "node/p2p/reputation.hpp"
#include "node/p2p/tls_network.hpp"

namespace aitbc::p2p {

// A connection and what is known of its other end.
struct Link {
  std::shared_ptr<Connection> connection;
  std::optional<NodeAddress> dialled;  // whom we called; absent when they called
  std::optional<NodeId> node;          // once TLS stands
  bool is_peer = false;                // once its Hello was accepted
  Peer peer;
  std::set<NodeId> neighbours;
  RateLimits limits;
};

struct TlsNetwork::Impl final : Connection::Owner, std::enable_shared_from_this<Impl> {
  using tcp = boost::asio::ip::tcp;
  using AsioError = boost::system::error_code;

  static constexpr Duration kTick{250};
  static constexpr Duration kPingInterval = std::chrono::seconds(5);
  static constexpr Duration kNeighboursDelay{300};
  static constexpr std::size_t kMaxHandshakes = 64;         // of callers, at a time
  static constexpr std::size_t kMaxHandshakesPerHost = 16;  // likewise

  Impl(TlsNetworkParts the_parts, TlsNetworkOptions the_options, boost::asio::ssl::context the_tls);

  // ---- connections in and out (tls_network_dial.cpp)
  Result<void> bind();
  void accept();
  void on_accepted(tcp::socket socket);
  void dial_due();
  void dial(const NodeAddress& address);
  void connect(const NodeAddress& address, const tcp::endpoint& endpoint);
  void dial_failed(const NodeId& node, const std::string& why);
  void load_peers();
  void save_peers();

  // ---- the life of a connection (tls_network_links.cpp)
  Link& add_link(tcp::socket socket, std::optional<NodeAddress> dialled);
  void on_secured(Connection& connection, const NodeId& node) override;
  Connection::Admission on_header(Connection& connection, Kind kind, std::size_t size) override;
  void on_frame(Connection& connection, Bytes message, const Hold& hold) override;
  void on_malformed(Connection& connection, std::string_view what) override;
  void on_closed(Connection& connection, const std::string& reason) override;
  void on_hello(Link& link, const Hello& hello);
  std::optional<std::string> objection(const Link& link, const Hello& hello) const;
  bool settle_duplicate(Link& link);
  void send_hello(Link& link);
  void refuse(Link& link, std::string_view reason);
  void part(Link& link, std::string_view reason);
  void lose_peer(Link& link);

  // ---- peers (tls_network.cpp)
  void handle(Link& link, const Message& message, const Hold& hold);
  void handle_own(Link& link, const Message& message);
  void learn_neighbours(Link& link, const Neighbours& neighbours);
  void announce_neighbours();
  void tick();
  void publish();
  void punish(Link& link, Offence offence, std::string_view reason);
  bool send(Link& link, const Frame& frame);
  void gone();  // after stop(): every connection has ended, or had its time

  TimePoint now() const { return parts.runtime.now(); }
  // The peer of that number; null when there is none.
  Link* find_peer(PeerId id);
  const Link* find_peer(PeerId id) const;
  std::size_t peer_count() const { return by_node.size(); }

  TlsNetworkParts parts;
  TlsNetworkOptions options;
  const NodeId self;
  boost::asio::ssl::context tls;
  tcp::acceptor acceptor;
  tcp::resolver resolver;
  std::vector<NetworkListener*> listeners;
  std::shared_ptr<ReadBudget> budget = std::make_shared<ReadBudget>();
  TokenBucket accepts{{50, 200}};
  AddressBook book;
  Reputation reputation;
  PeerId last_id = 0;
  std::map<PeerId, Link> links;
  std::map<NodeId, PeerId> by_node;  // peers
  std::size_t dialling = 0;          // resolving or connecting
  std::unique_ptr<Runtime::Timer> ticker, neighbours_timer, farewell_timer;
  std::function<void()> on_gone;
  TimePoint last_ping{}, last_save{};
  bool is_stopped = false;

  mutable std::mutex published_mutex;
  std::vector<Peer> published;
};

}  // namespace aitbc::p2p
