#include "node/p2p/tls_network.hpp"

#include "codec/hex.hpp"
#include "node/p2p/impl/tls_context.hpp"
#include "node/p2p/impl/tls_network_impl.hpp"
#include "node/telemetry/log.hpp"

namespace aitbc::p2p {
namespace {

bool is_loopback(const std::string& host) { return host.starts_with("127.") || host == "::1"; }

constexpr Duration kSaveInterval = std::chrono::seconds(60);

}  // namespace

TlsNetwork::Impl::Impl(TlsNetworkParts the_parts, TlsNetworkOptions the_options,
                       boost::asio::ssl::context the_tls)
    : parts(std::move(the_parts)),
      options(std::move(the_options)),
      self(parts.node_key.public_key()),
      tls(std::move(the_tls)),
      acceptor(parts.net),
      resolver(parts.net) {
  for (const NodeAddress& address : options.static_peers) book.add_static(address);
}

Link* TlsNetwork::Impl::find_peer(PeerId id) {
  const auto found = links.find(id);
  return found == links.end() || !found->second.is_peer ? nullptr : &found->second;
}
const Link* TlsNetwork::Impl::find_peer(PeerId id) const { return const_cast<Impl*>(this)->find_peer(id); }

bool TlsNetwork::Impl::send(Link& link, const Frame& frame) {
  if (!link.connection->send(frame)) {
    parts.metrics.p2p_dropped("queue");
    return false;
  }
  parts.metrics.p2p_sent(name_of(frame->front()), frame->size());
  return true;
}

void TlsNetwork::Impl::handle(Link& link, const Message& message, const Hold& hold) {
  handle_own(link, message);
  const PeerId id = link.peer.id;
  if (message.index() <= Message(Neighbours{}).index()) return;
  for (NetworkListener* listener : listeners) {
    if (find_peer(id) == nullptr) return;
    listener->on_message(id, message, hold);
  }
}

void TlsNetwork::Impl::handle_own(Link& link, const Message& message) {
  if (const auto* ping = std::get_if<Ping>(&message)) {
    send(link, make_frame(Pong{ping->number}));
  } else if (const auto* neighbours = std::get_if<Neighbours>(&message)) {
    learn_neighbours(link, *neighbours);
  } else if (const auto* head = std::get_if<NewHead>(&message)) {
    link.peer.head = head->head;
    publish();
  }
}

void TlsNetwork::Impl::learn_neighbours(Link& link, const Neighbours& neighbours) {
  link.neighbours.clear();
  for (const Neighbour& neighbour : neighbours.nodes) {
    link.neighbours.insert(neighbour.id);
    // An address of its own machine means another one here.
    const bool is_reachable = !is_loopback(neighbour.host) || is_loopback(link.peer.host);
    if (options.peer_exchange && is_reachable && neighbour.id != self)
      book.learn({neighbour.id, neighbour.host, neighbour.port});
  }
}

// Soon, so that many changes at once make one message.
void TlsNetwork::Impl::announce_neighbours() {
  if (neighbours_timer || is_stopped) return;
  neighbours_timer = parts.runtime.set_timer(now() + kNeighboursDelay, [self = shared_from_this()] {
    self->neighbours_timer.reset();
    Neighbours all;
    for (const auto& [node, id] : self->by_node) {
      const Peer& peer = self->links.at(id).peer;
      if (all.nodes.size() < kMaxNeighbours) all.nodes.push_back({node, peer.host, peer.listen_port});
    }
    const Frame frame = make_frame(all);
    for (const auto& [node, id] : self->by_node) self->send(self->links.at(id), frame);
  });
}

void TlsNetwork::Impl::tick() {
  if (is_stopped) return;
  const TimePoint time = now();
  const bool is_ping_due = time - last_ping >= kPingInterval || time < last_ping;
  if (is_ping_due) last_ping = time;
  std::vector<PeerId> ids;  // a connection that ends itself changes `links` later, but peers change now
  for (const auto& [id, link] : links) ids.push_back(id);
  for (const PeerId id : ids) {
    const auto found = links.find(id);
    if (found == links.end()) continue;
    found->second.connection->on_tick(time);
    if (Link* peer = find_peer(id); peer != nullptr && is_ping_due) send(*peer, make_frame(Ping{id}));
  }
  dial_due();
  if (time - last_save >= kSaveInterval) save_peers();
  ticker = parts.runtime.set_timer(time + kTick, [self = shared_from_this()] { self->tick(); });
}

void TlsNetwork::Impl::publish() {
  std::vector<Peer> all;
  for (const auto& [node, id] : by_node) all.push_back(links.at(id).peer);
  parts.metrics.peers(all.size());
  const std::lock_guard lock(published_mutex);
  published = std::move(all);
}

void TlsNetwork::Impl::punish(Link& link, Offence offence, std::string_view reason) {
  log::debug("p2p", "peer misbehaved",
             {{"node", hex::encode(link.node->view().first(8))}, {"what", std::string(reason)}});
  if (!reputation.punish(*link.node, offence, now())) return;
  parts.metrics.p2p_banned();
  reputation.ban_host(link.connection->remote_host(), now());
  log::warning("p2p", "peer banned",
               {{"node", hex::encode(link.node->view().first(8))},
                {"host", link.connection->remote_host()},
                {"reason", std::string(reason)}});
  part(link, "banned: " + std::string(reason));
}

void TlsNetwork::Impl::gone() {
  if (const auto then = std::exchange(on_gone, {})) then();
}

TlsNetwork::TlsNetwork(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsNetwork::~TlsNetwork() {
  stop();
  // What still waits on the executor must find nothing to tell anybody.
  for (auto& [id, link] : impl_->links) link.connection->abort("stopped");
}

Result<std::unique_ptr<TlsNetwork>> TlsNetwork::open(TlsNetworkParts parts, TlsNetworkOptions options) {
  AITBC_ASSIGN(auto tls, make_tls_context(parts.node_key));
  auto impl = std::make_shared<Impl>(std::move(parts), std::move(options), std::move(tls));
  AITBC_TRY(impl->bind());
  return std::unique_ptr<TlsNetwork>(new TlsNetwork(std::move(impl)));
}

void TlsNetwork::start() {
  impl_->parts.runtime.post_net([impl = impl_] {
    impl->load_peers();
    impl->last_save = impl->now();
    if (impl->options.listen) impl->accept();
    impl->tick();
  });
}

void TlsNetwork::stop() {
  if (impl_->is_stopped) return;
  impl_->is_stopped = true;
  impl_->save_peers();
  impl_->ticker.reset();
  impl_->neighbours_timer.reset();
  Impl::AsioError ignored;
  impl_->acceptor.close(ignored);
  for (auto& [id, link] : impl_->links) impl_->part(link, "stopping");
}

void TlsNetwork::stop(std::function<void()> then) {
  stop();
  impl_->on_gone = std::move(then);
  impl_->farewell_timer =
      impl_->parts.runtime.set_timer(impl_->now() + Connection::kFarewell, [weak = std::weak_ptr(impl_)] {
        if (const auto impl = weak.lock()) impl->gone();
      });
  if (impl_->links.empty()) impl_->parts.runtime.post_net([impl = impl_] { impl->gone(); });
}

NodeAddress TlsNetwork::address() const {
  return {impl_->self, impl_->options.listen_address,
          impl_->options.listen ? impl_->options.port : std::uint16_t{0}};
}

std::vector<Peer> TlsNetwork::connected() const {
  const std::lock_guard lock(impl_->published_mutex);
  return impl_->published;
}

void TlsNetwork::add_peer(const NodeAddress& address) {
  impl_->parts.runtime.post_net([impl = impl_, address] {
    impl->book.add_static(address);
    impl->dial_due();
  });
}

void TlsNetwork::remove_peer(const NodeId& node) {
  impl_->parts.runtime.post_net([impl = impl_, node] {
    impl->book.remove(node);
    if (const auto found = impl->by_node.find(node); found != impl->by_node.end())
      impl->part(impl->links.at(found->second), "removed by the operator");
  });
}

void TlsNetwork::add_listener(NetworkListener& listener) { impl_->listeners.push_back(&listener); }

std::vector<Peer> TlsNetwork::peers() const {
  std::vector<Peer> out;
  for (const auto& [node, id] : impl_->by_node) out.push_back(impl_->links.at(id).peer);
  return out;
}

bool TlsNetwork::send(PeerId peer, const Frame& frame) {
  Link* const link = impl_->find_peer(peer);
  return link != nullptr && impl_->send(*link, frame);
}

bool TlsNetwork::are_neighbours(PeerId a, PeerId b) const {
  const Link* const first = impl_->find_peer(a);
  const Link* const second = impl_->find_peer(b);
  return first != nullptr && second != nullptr && first->neighbours.contains(*second->node) &&
         second->neighbours.contains(*first->node);
}

void TlsNetwork::disconnect(PeerId peer, std::string_view reason) {
  if (Link* const link = impl_->find_peer(peer)) impl_->part(*link, reason);
}

void TlsNetwork::punish(PeerId peer, Offence offence, std::string_view reason) {
  if (Link* const link = impl_->find_peer(peer)) impl_->punish(*link, offence, reason);
}

}  // namespace aitbc::p2p
