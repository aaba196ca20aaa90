// Connections in and out, and the memory of whom to call.
#include <boost/asio/connect.hpp>
#include <fstream>

#include "node/p2p/impl/tls_network_impl.hpp"
#include "node/telemetry/log.hpp"

namespace aitbc::p2p {
namespace {

namespace asio = boost::asio;

}  // namespace

Result<void> TlsNetwork::Impl::bind() {
  if (!options.listen) return {};
  AsioError error;
  const auto address = asio::ip::make_address(options.listen_address, error);
  const tcp::endpoint endpoint(address, options.port);
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return fail(ErrorCode::io, "cannot listen for peers on " +
                                   host_and_port(options.listen_address, options.port) + ": " +
                                   error.message());
  options.port = acceptor.local_endpoint().port();
  return {};
}

void TlsNetwork::Impl::accept() {
  acceptor.async_accept([self = shared_from_this()](const AsioError& error, tcp::socket socket) {
    if (self->is_stopped) return;
    if (!error) self->on_accepted(std::move(socket));
    if (error != asio::error::operation_aborted) self->accept();
  });
}

// What can be refused before TLS costs anything is.
void TlsNetwork::Impl::on_accepted(tcp::socket socket) {
  AsioError error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;
  const std::string host = remote.address().to_string();
  std::size_t handshakes = 0, of_host = 0;
  for (const auto& [id, link] : links) {
    if (link.dialled || link.is_peer) continue;
    ++handshakes;
    if (link.connection->remote_host() == host) ++of_host;
  }
  if (reputation.is_host_banned(host, now())) return parts.metrics.p2p_refused("banned");
  if (handshakes >= kMaxHandshakes || of_host >= kMaxHandshakesPerHost || !accepts.take(now()))
    return parts.metrics.p2p_refused("too many callers");
  add_link(std::move(socket), std::nullopt).connection->start(false, now());
}

void TlsNetwork::Impl::dial_due() {
  const std::size_t wanted = options.peer_exchange ? options.max_peers / 2 : 0;
  const std::size_t have = peer_count() + dialling;
  for (const NodeAddress& address : book.due(now(), have < wanted ? wanted - have : 0)) {
    if (address.id == self) {
      book.remove(address.id);
    } else if (by_node.contains(address.id)) {
      book.connected(address.id);
    } else if (reputation.is_banned(address.id, now())) {
      book.failed(address.id, now(), 0);
    } else {
      dial(address);
    }
  }
}

void TlsNetwork::Impl::dial(const NodeAddress& address) {
  book.connecting(address.id);
  ++dialling;
  AsioError error;
  const auto literal = asio::ip::make_address(address.host, error);
  if (!error) return connect(address, {literal, address.port});
  resolver.async_resolve(address.host, std::to_string(address.port),
                         [self = shared_from_this(), address](const AsioError& failure,
                                                              const tcp::resolver::results_type& found) {
                           if (self->is_stopped) return;
                           if (!failure && !found.empty())
                             return self->connect(address, found.begin()->endpoint());
                           --self->dialling;
                           self->dial_failed(address.id, "its name does not resolve");
                         });
}

void TlsNetwork::Impl::connect(const NodeAddress& address, const tcp::endpoint& endpoint) {
  auto socket = std::make_shared<tcp::socket>(parts.net);
  // A packet filter may swallow the attempt: the socket is closed when its time is up.
  auto limit = std::make_shared<std::unique_ptr<Runtime::Timer>>(
      parts.runtime.set_timer(now() + Connection::kHandshakeTime, [socket] {
        AsioError ignored;
        socket->close(ignored);
      }));
  socket->async_connect(endpoint,
                        [self = shared_from_this(), address, socket, limit](const AsioError& error) {
                          limit->reset();
                          if (self->is_stopped) return;
                          --self->dialling;
                          if (error || !socket->is_open())
                            return self->dial_failed(address.id, error ? error.message() : "timed out");
                          self->add_link(std::move(*socket), address).connection->start(true, self->now());
                        });
}

void TlsNetwork::Impl::dial_failed(const NodeId& node, const std::string& why) {
  log::debug("p2p", "could not connect", {{"node", to_enode({node, "", 0})}, {"reason", why}});
  book.failed(node, now(), node.bytes[static_cast<std::size_t>(now().time_since_epoch().count()) % 64]);
}

// One enode a line. A line that does not read is skipped: the file only saves time.
void TlsNetwork::Impl::load_peers() {
  if (options.peers_file.empty() || !options.peer_exchange) return;
  std::ifstream in(options.peers_file);
  std::string line;
  while (std::getline(in, line))
    if (const auto address = parse_enode(line)) book.learn(*address);
}

void TlsNetwork::Impl::save_peers() {
  last_save = now();
  if (options.peers_file.empty() || !options.peer_exchange) return;
  std::filesystem::path temporary = options.peers_file;
  temporary += ".new";
  std::ofstream out(temporary, std::ios::trunc);
  for (const NodeAddress& address : book.learned()) out << to_enode(address) << "\n";
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(temporary, options.peers_file, error);
  if (!out || error) log::warning("p2p", "cannot remember the peers in " + options.peers_file.string());
}

}  // namespace aitbc::p2p
