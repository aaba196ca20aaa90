#include "tests/unit/p2p/nodes.hpp"

#include <sstream>

namespace aitbc::p2p::test {

Node::Node(World& world, Chain chain, TlsNetworkOptions options, PrivateKey the_key)
    : key(std::move(the_key)) {
  Hash genesis;
  genesis.bytes.fill(chain.genesis);
  auto opened =
      TlsNetwork::open({world.net, world.runtime, metrics, key, chain.id, genesis, [this] { return head; }},
                       std::move(options));
  REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message));
  network = std::move(*opened);
  network->add_listener(recorder);
  network->start();
}

Node::~Node() { network->stop(); }

PeerId Node::peer_of(const Node& other) const {
  for (const Peer& peer : network->peers())
    if (peer.node == other.key.public_key()) return peer.id;
  return 0;
}

double Node::counter(const std::string& name) const {
  std::istringstream lines(metrics.text());
  std::string line;
  double sum = 0;
  while (std::getline(lines, line))
    if (line.starts_with(name)) sum += std::stod(line.substr(line.rfind(' ')));
  return sum;
}

std::unique_ptr<Node> World::node(Chain the_chain, const std::function<void(TlsNetworkOptions&)>& adjust,
                                  const PrivateKey& key) {
  TlsNetworkOptions options;
  options.peer_exchange = false;
  options.client = "test";
  if (adjust) adjust(options);
  return std::make_unique<Node>(*this, the_chain, std::move(options), key);
}

bool World::run_until(const std::function<bool()>& condition, Duration limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    net.run_one_for(std::chrono::milliseconds(20));
  }
  return true;
}

}  // namespace aitbc::p2p::test
