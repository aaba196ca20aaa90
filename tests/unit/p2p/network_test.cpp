// Two and more real networks: handshakes, messages, reconnection, peer exchange.
#include "tests/unit/p2p/nodes.hpp"

#include <filesystem>

#include "tests/support/temp_folder.hpp"

using namespace aitbc;
using namespace aitbc::p2p;
using namespace aitbc::p2p::test;

namespace {

Frame numbered(std::uint64_t number) { return make_frame(NewHead{{number, {}}}); }

}  // namespace

TEST_CASE("two nodes of one network know each other by their identities") {
  World world;
  const auto server = world.node();
  const auto client = world.node({}, calling(*server));
  REQUIRE(world.run_until([&] { return server->peer_count() == 1 && client->peer_count() == 1; }));
  const Peer seen = server->network->peers().front();
  CHECK(seen.node == client->key.public_key());
  CHECK(seen.inbound);
  CHECK(!seen.is_static);
  CHECK(seen.client == "test");
  CHECK(seen.head.number == 7);
  CHECK(seen.listen_port == client->address().port);
  const Peer back = client->network->peers().front();
  CHECK(back.node == server->key.public_key());
  CHECK(!back.inbound);
  CHECK(back.is_static);
  CHECK(client->network->connected().size() == 1);
  CHECK(server->counter("aitbc_p2p_peers") == 1);
}

TEST_CASE("messages arrive whole and in order, both ways") {
  World world;
  const auto server = world.node();
  const auto client = world.node({}, calling(*server));
  REQUIRE(world.run_until([&] { return server->peer_count() == 1 && client->peer_count() == 1; }));
  const PeerId to_server = client->peer_of(*server);
  for (std::uint64_t i = 0; i < 300; ++i) CHECK(client->network->send(to_server, numbered(i)));
  const Bytes large(16U << 20, 0x55);
  CHECK(client->network->send(to_server, make_frame(Consensus{large})));
  CHECK(server->network->send(server->peer_of(*client), make_frame(GetBlocks{1, 2, 3})));
  REQUIRE(world.run_until([&] { return server->recorder.messages.size() == 301; }));
  for (std::uint64_t i = 0; i < 300; ++i)
    CHECK(server->recorder.messages[i].message == Message(NewHead{{i, {}}}));
  CHECK(server->recorder.messages[300].message == Message(Consensus{large}));
  CHECK(server->network->peers().front().head.number == 299);
  REQUIRE(world.run_until([&] { return !client->recorder.messages.empty(); }));
  CHECK(client->recorder.messages.front().message == Message(GetBlocks{1, 2, 3}));
}

TEST_CASE("nodes of another chain or another genesis are refused with the reason") {
  World world;
  const auto server = world.node();
  const auto stranger = world.node({1, 1}, calling(*server));
  const auto cousin = world.node({661436, 2}, calling(*server));
  REQUIRE(
      world.run_until([&] { return server->counter("aitbc_p2p_refused_total{reason=\"handshake\"}") >= 2; }));
  CHECK(server->peer_count() == 0);
  CHECK(stranger->peer_count() == 0);
  CHECK(cousin->peer_count() == 0);
  CHECK(server->recorder.connections.empty());
  CHECK(stranger->recorder.connections.empty());
}

TEST_CASE("a node that calls itself does not keep doing so") {
  World world;
  const PrivateKey key = PrivateKey::generate();
  const auto node = world.node({}, {}, key);
  node->network->add_peer(node->address());
  world.run_for(std::chrono::milliseconds(800));
  CHECK(node->peer_count() == 0);
  CHECK(node->recorder.connections.empty());
}

TEST_CASE("an address where another node answers is not taken for the node that was called") {
  World world;
  const auto server = world.node();
  const auto client = world.node({}, [&](TlsNetworkOptions& options) {
    NodeAddress wrong = server->address();
    wrong.id = PrivateKey::generate().public_key();
    options.static_peers = {wrong};
  });
  REQUIRE(world.run_until([&] { return client->counter("aitbc_p2p_refused_total") >= 1; }));
  CHECK(client->peer_count() == 0);
}

TEST_CASE("two nodes that call each other end with one connection, the same one") {
  World world;
  for (int i = 0; i < 5; ++i) {
    const auto a = world.node();
    const auto b = world.node({}, calling(*a));
    a->network->add_peer(b->address());
    REQUIRE(world.run_until([&] { return a->peer_count() == 1 && b->peer_count() == 1; }));
    world.run_for(std::chrono::milliseconds(300));
    REQUIRE(a->peer_count() == 1);
    REQUIRE(b->peer_count() == 1);
    CHECK(a->network->peers().front().inbound != b->network->peers().front().inbound);
    CHECK(a->network->send(a->peer_of(*b), numbered(1)));
    CHECK(b->network->send(b->peer_of(*a), numbered(2)));
    REQUIRE(world.run_until([&] { return !a->recorder.messages.empty() && !b->recorder.messages.empty(); }));
  }
}

TEST_CASE("a static peer that went away is found again when it returns") {
  World world;
  auto server = world.node();
  const PrivateKey key = server->key;
  const auto client = world.node({}, calling(*server));
  const std::uint16_t port = server->address().port;
  REQUIRE(world.run_until([&] { return client->peer_count() == 1; }));
  server.reset();
  REQUIRE(world.run_until([&] { return client->peer_count() == 0; }));
  CHECK(client->recorder.disconnections.size() == 1);
  world.run_for(std::chrono::milliseconds(600));
  server = world.node(
      {}, [port](TlsNetworkOptions& options) { options.port = port; }, key);
  REQUIRE(world.run_until([&] { return client->peer_count() == 1 && server->peer_count() == 1; }));
}

TEST_CASE("a node that stops has been heard by its peers once it is gone") {
  World world;
  const auto stopping = world.node();
  std::vector<std::unique_ptr<Node>> others;
  for (int i = 0; i < 3; ++i) others.push_back(world.node({}, calling(*stopping)));
  REQUIRE(world.run_until([&] { return stopping->peer_count() == 3; }));
  // Behind what waits already.
  const Frame large = make_frame(Consensus{Bytes(1U << 20, 1)});
  for (const Peer& peer : stopping->network->peers())
    for (int i = 0; i < 8; ++i) stopping->network->send(peer.id, large);
  bool is_gone = false;
  stopping->network->stop([&] {
    is_gone = true;
    for (const auto& other : others) CHECK(other->counter("aitbc_p2p_received_total{kind=\"goodbye\"") == 1);
  });
  CHECK(world.run_until([&] { return is_gone; }));
}

TEST_CASE("a node without peers stops at once") {
  World world;
  const auto alone = world.node();
  world.run_for(Duration(50));
  bool is_gone = false;
  alone->network->stop([&] { is_gone = true; });
  CHECK(world.run_until([&] { return is_gone; }, Duration(200)));
}

TEST_CASE("a peer that the operator removes stays away until it is added again") {
  World world;
  const auto server = world.node();
  const auto client = world.node({}, calling(*server));
  REQUIRE(world.run_until([&] { return client->peer_count() == 1 && server->peer_count() == 1; }));
  server->network->remove_peer(client->key.public_key());
  REQUIRE(world.run_until([&] { return client->peer_count() == 0 && server->peer_count() == 0; }));
  world.run_for(std::chrono::milliseconds(1000));  // the client calls again and is refused
  CHECK(server->peer_count() == 0);
  server->network->add_peer(client->address());
  REQUIRE(world.run_until([&] { return client->peer_count() == 1 && server->peer_count() == 1; }));
}

TEST_CASE("nodes find each other through a third one, and know who is whose neighbour") {
  World world;
  const auto exchange = [](TlsNetworkOptions& options) { options.peer_exchange = true; };
  const auto hub = world.node({}, exchange);
  const auto with_hub = [&](TlsNetworkOptions& options) {
    exchange(options);
    options.static_peers = {hub->address()};
  };
  const auto a = world.node({}, with_hub);
  const auto b = world.node({}, with_hub);
  REQUIRE(world.run_until([&] { return a->peer_count() == 2 && b->peer_count() == 2; }));
  REQUIRE(world.run_until([&] { return hub->network->are_neighbours(hub->peer_of(*a), hub->peer_of(*b)); }));
  a->network->remove_peer(b->key.public_key());
  REQUIRE(world.run_until([&] { return !hub->network->are_neighbours(hub->peer_of(*a), hub->peer_of(*b)); }));
}

TEST_CASE("peers are remembered over a restart") {
  World world;
  const aitbc::test::TempFolder folder;
  const auto exchange = [&](TlsNetworkOptions& options) {
    options.peer_exchange = true;
    options.peers_file = folder.path() / "peers";
  };
  const auto other = world.node();
  auto node = world.node({}, exchange);
  node->network->add_peer(other->address());
  REQUIRE(world.run_until([&] { return node->peer_count() == 1; }));
  // Static peers are the operator's to remember: this one becomes known by calling.
  const auto caller = world.node({}, calling(*node));
  REQUIRE(world.run_until([&] { return node->peer_count() == 2; }));
  node.reset();
  REQUIRE(std::filesystem::exists(folder.path() / "peers"));
  node = world.node({}, exchange);
  REQUIRE(world.run_until([&] { return node->peer_of(*caller) != 0; }));
}

TEST_CASE("a full node takes no more callers, but those that its operator named") {
  World world;
  const auto server = world.node({}, [](TlsNetworkOptions& options) { options.max_peers = 2; });
  const auto a = world.node({}, calling(*server));
  const auto b = world.node({}, calling(*server));
  REQUIRE(world.run_until([&] { return server->peer_count() == 2; }));
  const auto c = world.node({}, calling(*server));
  world.run_for(std::chrono::milliseconds(700));
  CHECK(server->peer_count() == 2);
  CHECK(c->peer_count() == 0);
  server->network->add_peer(c->address());
  REQUIRE(world.run_until([&] { return server->peer_of(*c) != 0; }));
}

TEST_CASE("a port that is taken is an error that names it") {
  World world;
  const auto first = world.node();
  Metrics metrics;
  TlsNetworkOptions options;
  options.port = first->address().port;
  const auto second = TlsNetwork::open(
      {world.net, world.runtime, metrics, PrivateKey::generate(), 1, {}, [] { return Head{}; }}, options);
  REQUIRE(!second.has_value());
  CHECK(second.error().code == ErrorCode::io);
  CHECK(second.error().message.find(std::to_string(options.port)) != std::string::npos);
}
