#include "tests/sim/wires.hpp"

#include <algorithm>

namespace aitbc::sim {
namespace {

constexpr Duration kConnectTime{200};  // at most, once both ends are there
constexpr Duration kNoticeTime{300};   // at most, until an end notices that the other one is gone
constexpr Duration kAfterPunishment{8000};

p2p::NodeId id_of(NodeIndex node) {
  p2p::NodeId id;
  id.bytes[0] = static_cast<std::uint8_t>(node >> 8);
  id.bytes[1] = static_cast<std::uint8_t>(node);
  return id;
}

std::pair<NodeIndex, NodeIndex> in_order(NodeIndex a, NodeIndex b) { return std::minmax(a, b); }

}  // namespace

Wires::Wires(Scheduler& scheduler, std::size_t nodes, std::uint64_t seed)
    : scheduler_(scheduler), random_(seed), groups_(nodes, 0), plugged_(nodes, nullptr) {}

std::unique_ptr<Wires::Endpoint> Wires::plug_in(NodeIndex node, std::shared_ptr<Machine> machine,
                                                std::function<p2p::Head()> head) {
  return std::make_unique<Endpoint>(*this, node, std::move(machine), std::move(head));
}

bool Wires::can_connect(NodeIndex a, NodeIndex b) const {
  const std::size_t count = plugged_.size();
  if (ring_ && (a + 1) % count != b && (b + 1) % count != a) return false;
  const auto is_there = [&](NodeIndex node) {
    return plugged_[node] != nullptr && plugged_[node]->is_open_ && plugged_[node]->machine_->is_alive();
  };
  return a != b && groups_[a] == groups_[b] && is_there(a) && is_there(b);
}

void Wires::partition(std::vector<int> group_of_node) {
  groups_ = std::move(group_of_node);
  std::vector<std::uint64_t> broken;
  for (const auto& [number, connection] : connections_)
    if (groups_[connection.ends[0]] != groups_[connection.ends[1]]) broken.push_back(number);
  for (const std::uint64_t number : broken) cut(number, kConnectTime);
  for (NodeIndex a = 0; a < plugged_.size(); ++a)
    for (NodeIndex b = a + 1; b < plugged_.size(); ++b) connect_later(a, b, kConnectTime);
}

void Wires::connect_later(NodeIndex a, NodeIndex b, Duration delay) {
  if (!can_connect(a, b) || between(a, b) != nullptr) return;
  scheduler_.after(random_.up_to(delay), [this, a, b] {
    if (can_connect(a, b) && between(a, b) == nullptr) connect(a, b);
  });
}

void Wires::connect(NodeIndex a, NodeIndex b) {
  const std::uint64_t number = ++last_connection_;
  connections_.emplace(number, Connection{number, {a, b}, {}});
  by_ends_[in_order(a, b)] = number;
  plugged_[a]->connected(number, b, plugged_[b]->head_());
  plugged_[b]->connected(number, a, plugged_[a]->head_());
}

Wires::Connection* Wires::between(NodeIndex a, NodeIndex b) {
  const auto found = by_ends_.find(in_order(a, b));
  return found == by_ends_.end() ? nullptr : &connections_.at(found->second);
}

void Wires::cut(std::uint64_t number, Duration pause) {
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  const std::array<NodeIndex, 2> ends = found->second.ends;
  by_ends_.erase(in_order(ends[0], ends[1]));
  connections_.erase(found);
  for (const NodeIndex end : ends)
    if (plugged_[end] != nullptr) plugged_[end]->disconnected(number);
  scheduler_.after(pause + random_.up_to(kConnectTime),
                   [this, ends] { connect_later(ends[0], ends[1], kConnectTime); });
}

void Wires::unplug(NodeIndex node) {
  plugged_[node] = nullptr;
  std::vector<std::uint64_t> broken;
  for (const auto& [number, connection] : connections_)
    if (connection.ends[0] == node || connection.ends[1] == node) broken.push_back(number);
  for (const std::uint64_t number : broken) cut(number, Duration(0));
}

bool Wires::send(NodeIndex from, std::uint64_t number, const p2p::Frame& frame) {
  const auto found = connections_.find(number);
  if (found == connections_.end()) return false;
  const std::array<NodeIndex, 2> ends = found->second.ends;
  const NodeIndex to = ends[0] == from ? ends[1] : ends[0];
  if (on_send)
    for (const p2p::Frame& instead : on_send(from, to, frame)) carry(from, found->second, instead);
  else
    carry(from, found->second, frame);
  if (weather.disconnect_per_100000 > 0 && random_.below(100'000) < weather.disconnect_per_100000)
    scheduler_.after(Duration(0), [this, number] { cut(number, Duration(0)); });
  return true;
}

// The message leaves when the sending task has come that far, if its process lives to see it.
void Wires::carry(NodeIndex from, const Connection& connection, const p2p::Frame& frame) {
  Machine& sender = *plugged_[from]->machine_;
  const std::size_t side = connection.ends[0] == from ? 1 : 0;
  if (sender.moment() == scheduler_.now()) return depart(connection.number, side, frame);
  sender.later(Duration(0), [this, number = connection.number, side, frame] { depart(number, side, frame); });
}

void Wires::depart(std::uint64_t number, std::size_t side, const p2p::Frame& frame) {
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  ++messages_;
  if (random_.chance(weather.loss_per_mille)) return;
  Connection& connection = found->second;
  const int copies = random_.chance(weather.duplicate_per_mille) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    TimePoint arrives = scheduler_.now() + Duration(1) + random_.up_to(weather.max_delay);
    if (!random_.chance(weather.reorder_per_mille)) {
      arrives = std::max(arrives, connection.last_arrival[side]);
      connection.last_arrival[side] = arrives;
    }
    scheduler_.at(arrives, [this, to = connection.ends[side], number, frame] { arrive(to, number, frame); });
  }
}

void Wires::arrive(NodeIndex to, std::uint64_t number, const p2p::Frame& frame) {
  if (!connections_.contains(number) || plugged_[to] == nullptr) return;
  scheduler_.trace().add(number << 32 | frame->size() << 8 | to);
  plugged_[to]->received(number, frame);
}

// ---- one process

Wires::Endpoint::Endpoint(Wires& wires, NodeIndex node, std::shared_ptr<Machine> machine,
                          std::function<p2p::Head()> head)
    : wires_(wires), node_(node), machine_(std::move(machine)), head_(std::move(head)) {
  wires_.plugged_[node_] = this;
}

Wires::Endpoint::~Endpoint() { wires_.unplug(node_); }

void Wires::Endpoint::open() {
  is_open_ = true;
  for (NodeIndex other = 0; other < wires_.plugged_.size(); ++other)
    wires_.connect_later(node_, other, kConnectTime);
}

std::vector<p2p::Peer> Wires::Endpoint::peers() const {
  std::vector<p2p::Peer> all;
  for (const auto& [id, peer] : peers_) all.push_back(peer);
  return all;
}

bool Wires::Endpoint::send(p2p::PeerId peer, const p2p::Frame& frame) {
  return machine_->is_alive() && peers_.contains(peer) && wires_.send(node_, peer, frame);
}

bool Wires::Endpoint::are_neighbours(p2p::PeerId a, p2p::PeerId b) const {
  const auto first = node_of(a);
  const auto second = node_of(b);
  return first && second && wires_.between(*first, *second) != nullptr;
}

void Wires::Endpoint::disconnect(p2p::PeerId peer, std::string_view) {
  wires_.scheduler_.at(machine_->moment(), [&wires = wires_, peer] { wires.cut(peer, Duration(0)); });
}

void Wires::Endpoint::punish(p2p::PeerId peer, p2p::Offence offence, std::string_view reason) {
  const auto offender = node_of(peer);
  if (!offender || !machine_->is_alive()) return;
  if (wires_.on_punish) wires_.on_punish(node_, *offender, offence, reason);
  if (offence == p2p::Offence::forgery)
    wires_.scheduler_.at(machine_->moment(), [&wires = wires_, peer] { wires.cut(peer, kAfterPunishment); });
}

std::optional<NodeIndex> Wires::Endpoint::node_of(p2p::PeerId peer) const {
  const auto found = nodes_.find(peer);
  return found == nodes_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<p2p::PeerId> Wires::Endpoint::peer_for(NodeIndex node) const {
  for (const auto& [id, peer] : peers_)
    if (nodes_.at(id) == node) return id;
  return std::nullopt;
}

void Wires::Endpoint::connected(std::uint64_t connection, NodeIndex other, const p2p::Head& head) {
  nodes_[connection] = other;
  p2p::Peer peer;
  peer.id = connection;
  peer.node = id_of(other);
  peer.client = "simulated";
  peer.head = head;
  machine_->post_net([this, peer] {
    if (!wires_.connections_.contains(peer.id)) return;
    peers_[peer.id] = peer;
    for (p2p::NetworkListener* listener : listeners_) listener->on_connected(peer);
  });
}

void Wires::Endpoint::disconnected(std::uint64_t connection) {
  machine_->later(wires_.random_.up_to(kNoticeTime), [this, connection] {
    machine_->post_net([this, connection] {
      if (peers_.erase(connection) == 0) return;
      for (p2p::NetworkListener* listener : listeners_) listener->on_disconnected(connection);
    });
  });
}

void Wires::Endpoint::received(std::uint64_t connection, const p2p::Frame& frame) {
  machine_->post_net([this, connection, frame] {
    const auto peer = peers_.find(connection);
    if (peer == peers_.end()) return;
    const auto message = p2p::decode(*frame);
    if (!message) return punish(connection, p2p::Offence::violation, message.error().message);
    if (const auto* head = std::get_if<p2p::NewHead>(&*message)) peer->second.head = head->head;
    for (p2p::NetworkListener* listener : listeners_) listener->on_message(connection, *message, nullptr);
  });
}

}  // namespace aitbc::sim
