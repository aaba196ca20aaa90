// The life of a connection: TLS, Hello both ways, then a peer until it ends.
#include "codec/hex.hpp"
#include "node/p2p/impl/tls_network_impl.hpp"
#include "node/telemetry/log.hpp"

namespace aitbc::p2p {
namespace {

constexpr Kind kHello = 0;
constexpr Kind kGoodbye = 1;

const std::string kItSaid = "it said: ";

std::string short_name(const NodeId& node) { return hex::encode(node.view().first(8)); }

}  // namespace

Link& TlsNetwork::Impl::add_link(tcp::socket socket, std::optional<NodeAddress> dialled) {
  Link& link = links[++last_id];
  link.connection = std::make_shared<Connection>(last_id, std::move(socket), tls, *this, budget);
  link.dialled = std::move(dialled);
  return link;
}

void TlsNetwork::Impl::on_secured(Connection& connection, const NodeId& node) {
  Link& link = links.at(connection.id());
  link.node = node;
  if (link.dialled && link.dialled->id != node) return refuse(link, "another node answers at this address");
  if (link.dialled) send_hello(link);
  connection.start_reading();
}

// Who called speaks first; who was called answers with its own Hello, or with a Goodbye.
void TlsNetwork::Impl::send_hello(Link& link) {
  Hello hello;
  hello.chain_id = parts.chain_id;
  hello.genesis = parts.genesis;
  hello.head = parts.head();
  hello.client = options.client;
  hello.listen_port = options.listen ? options.port : std::uint16_t{0};
  send(link, make_frame(hello));
}

Connection::Admission TlsNetwork::Impl::on_header(Connection& connection, Kind kind, std::size_t) {
  Link& link = links.at(connection.id());
  const bool is_in_order = kind == kGoodbye || (kind == kHello) != link.is_peer;  // Hello comes first, once
  if (!is_in_order) {
    refuse(link, "a message out of order");
    return Connection::Admission::skip;
  }
  if (link.limits.admit(kind, now())) return Connection::Admission::take;
  parts.metrics.p2p_dropped("rate");
  punish(link, Offence::nuisance, "too many messages of one kind");
  return Connection::Admission::skip;
}

void TlsNetwork::Impl::on_frame(Connection& connection, Bytes encoded, const Hold& hold) {
  Link& link = links.at(connection.id());
  parts.metrics.p2p_received(name_of(encoded[0]), encoded.size());
  const auto message = decode(encoded);
  if (!message) return on_malformed(connection, message.error().message);
  if (const auto* hello = std::get_if<Hello>(&*message)) return on_hello(link, *hello);
  if (const auto* goodbye = std::get_if<Goodbye>(&*message))
    return connection.abort(kItSaid + goodbye->reason);
  handle(link, *message, hold);
}

void TlsNetwork::Impl::on_malformed(Connection& connection, std::string_view what) {
  Link& link = links.at(connection.id());
  parts.metrics.p2p_malformed();
  if (link.is_peer) punish(link, Offence::violation, what);
  // Where the next message would begin is not known, or its sender speaks another language.
  part(link, what);
}

std::optional<std::string> TlsNetwork::Impl::objection(const Link& link, const Hello& hello) const {
  if (hello.version != kProtocolVersion)
    return "protocol version " + std::to_string(hello.version) + ", this node speaks " +
           std::to_string(kProtocolVersion);
  if (hello.chain_id != parts.chain_id)
    return "chain id " + std::to_string(hello.chain_id) + ", this node's is " +
           std::to_string(parts.chain_id);
  if (hello.genesis != parts.genesis) return "another genesis block";
  if (*link.node == self) return "this is the same node";
  if (reputation.is_banned(*link.node, now())) return "banned";
  if (book.is_removed(*link.node)) return "not wanted by the operator";
  const bool is_new = !by_node.contains(*link.node);
  if (is_new && peer_count() >= options.max_peers && !book.is_static(*link.node)) return "too many peers";
  return std::nullopt;
}

// Both ends keep the same one of two connections: the one that the node with the smaller id made; of two in
// the same direction the newer, since the older one's end is gone. False when `link` is the one that goes.
bool TlsNetwork::Impl::settle_duplicate(Link& link) {
  const auto found = by_node.find(*link.node);
  if (found == by_node.end()) return true;
  Link& other = links.at(found->second);
  const bool we_should_dial = self < *link.node;
  const bool is_right_way = link.dialled.has_value() == we_should_dial;
  if (link.dialled.has_value() != other.dialled.has_value() && !is_right_way) return false;
  part(other, "another connection with this node");
  return true;
}

void TlsNetwork::Impl::on_hello(Link& link, const Hello& hello) {
  if (const auto why = objection(link, hello)) return refuse(link, *why);
  if (!settle_duplicate(link)) return refuse(link, "another connection with this node");
  const Connection& connection = *link.connection;
  if (!link.dialled) send_hello(link);
  link.is_peer = true;
  link.peer = {connection.id(),
               *link.node,
               hello.client,
               connection.remote_host(),
               connection.remote_port(),
               hello.listen_port,
               !link.dialled,
               book.is_static(*link.node),
               hello.head};
  by_node[*link.node] = connection.id();
  book.learn({*link.node, connection.remote_host(), hello.listen_port});
  book.connected(*link.node);
  log::info("p2p", "peer connected",
            {{"node", short_name(*link.node)},
             {"address", host_and_port(connection.remote_host(), connection.remote_port())},
             {"client", hello.client},
             {"head", std::to_string(hello.head.number)}});
  publish();
  announce_neighbours();
  const Peer peer = link.peer;  // a listener may end the connection
  for (NetworkListener* listener : listeners) listener->on_connected(peer);
}

void TlsNetwork::Impl::refuse(Link& link, std::string_view reason) {
  parts.metrics.p2p_refused("handshake");
  log::debug("p2p", "connection refused",
             {{"address", host_and_port(link.connection->remote_host(), link.connection->remote_port())},
              {"reason", std::string(reason)}});
  link.connection->close(reason);
}

void TlsNetwork::Impl::part(Link& link, std::string_view reason) {
  lose_peer(link);
  link.connection->close(reason);
}

// From here on it is no peer, though its connection may take a moment to end.
void TlsNetwork::Impl::lose_peer(Link& link) {
  if (!link.is_peer) return;
  link.is_peer = false;
  const auto found = by_node.find(*link.node);
  if (found != by_node.end() && found->second == link.peer.id) by_node.erase(found);
  publish();
  announce_neighbours();
  for (NetworkListener* listener : listeners) listener->on_disconnected(link.peer.id);
}

void TlsNetwork::Impl::on_closed(Connection& connection, const std::string& reason) {
  const auto found = links.find(connection.id());
  Link& link = found->second;
  const bool was_peer = link.peer.id != 0;
  lose_peer(link);
  const std::optional<NodeId> node = link.dialled ? link.dialled->id : link.node;
  if (node && !by_node.contains(*node)) dial_failed(*node, reason);
  // The operator wants to know why a node of the configuration will not talk.
  if (!was_peer && node && book.is_static(*node) && reason.starts_with(kItSaid))
    log::warning("p2p", "a static peer refused the connection",
                 {{"node", short_name(*node)}, {"reason", reason}});
  if (was_peer)
    log::info("p2p", "peer disconnected", {{"node", short_name(*link.node)}, {"reason", reason}});
  else
    parts.metrics.p2p_refused("closed early");
  // The connection is in the middle of a call: it ends once that returns.
  parts.runtime.post_net([self = shared_from_this(), id = connection.id()] {
    self->links.erase(id);
    if (self->links.empty()) self->gone();
  });
}

}  // namespace aitbc::p2p
