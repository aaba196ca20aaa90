// Peers that do what no honest one does: dropped, counted, and nothing stalls or grows.
#include <openssl/x509.h>

#include "tests/unit/p2p/raw_peer.hpp"

using namespace aitbc;
using namespace aitbc::p2p;
using namespace aitbc::p2p::test;

namespace {

namespace asio = boost::asio;

// TLS without the binding of an identity: anonymous, or with any certificate.
asio::ssl::context plain_tls(bool with_certificate) {
  asio::ssl::context context(asio::ssl::context::tls);
  context.set_verify_mode(asio::ssl::verify_none);
  if (!with_certificate) return context;
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  ASN1_TIME_set_string(X509_getm_notBefore(certificate), "19750101000000Z");
  ASN1_TIME_set_string(X509_getm_notAfter(certificate), "40960101000000Z");
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  SSL_CTX_use_certificate(context.native_handle(), certificate);
  SSL_CTX_use_PrivateKey(context.native_handle(), key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

bool goes_on(World& world, Node& server) {
  const auto honest = world.node({}, calling(server));
  return world.run_until([&] { return server.peer_of(*honest) != 0; });
}

// Connected and greeted, so that anything may be sent.
std::unique_ptr<RawPeer> insider(World& world, Node& server, const PrivateKey& key = PrivateKey::generate()) {
  auto peer = std::make_unique<RawPeer>(world, server, key);
  peer->greet();
  REQUIRE(world.run_until([&] { return !peer->heard().empty(); }));
  REQUIRE(std::holds_alternative<Hello>(peer->heard().front()));
  return peer;
}

}  // namespace

TEST_CASE("who has no certificate, or one that names no identity, gets no further than TLS") {
  World world;
  const auto server = world.node();
  for (const bool with_certificate : {false, true}) {
    RawPeer peer(world, *server, plain_tls(with_certificate));
    if (peer.is_open()) peer.greet();
    CHECK(world.run_until([&] { return !peer.is_open(); }));
    CHECK(peer.heard().empty());
  }
  CHECK(server->recorder.connections.empty());
  CHECK(server->counter("aitbc_p2p_refused_total") >= 2);
  CHECK(goes_on(world, *server));
}

TEST_CASE("bytes that are no TLS, and callers who say nothing, are cut off") {
  World world;
  const auto server = world.node();
  asio::ip::tcp::socket noise(world.net), silence(world.net);
  const asio::ip::tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), server->address().port);
  noise.connect(endpoint);
  silence.connect(endpoint);
  asio::write(noise, asio::buffer(std::string(1000, 'x')));
  const auto is_cut = [](asio::ip::tcp::socket& socket) {
    socket.non_blocking(true);
    std::array<char, 256> buffer;
    boost::system::error_code error;
    while (socket.read_some(asio::buffer(buffer), error) > 0) {
    }
    return error != asio::error::would_block;
  };
  CHECK(world.run_until([&] { return is_cut(noise); }));
  CHECK(world.run_until([&] { return is_cut(silence); }));
  CHECK(goes_on(world, *server));
}

TEST_CASE("of one host only so many callers may be in the middle of a handshake") {
  World world;
  const auto server = world.node();
  std::vector<asio::ip::tcp::socket> sockets;
  for (int i = 0; i < 40; ++i) {
    sockets.emplace_back(world.net);
    sockets.back().connect({asio::ip::make_address("127.0.0.1"), server->address().port});
  }
  CHECK(world.run_until(
      [&] { return server->counter("aitbc_p2p_refused_total{reason=\"too many callers\"}") >= 24; }));
  CHECK(goes_on(world, *server));  // once the idle ones ran out of time
}

TEST_CASE("nothing is taken before Hello, and Hello is said once") {
  World world;
  const auto server = world.node();
  RawPeer early(world, *server);
  early.send(NewHead{{9, {}}});
  CHECK(world.run_until([&] { return !early.is_open(); }));
  CHECK(early.farewell() == "a message out of order");
  const auto twice = insider(world, *server);
  twice->greet();
  CHECK(world.run_until([&] { return !twice->is_open(); }));
  CHECK(server->recorder.messages.empty());
}

TEST_CASE("frames of a length that their kind cannot have end the connection before they are read") {
  World world;
  const auto server = world.node();
  const auto kind_of = [](const Message& message) { return static_cast<std::uint8_t>(message.index()); };
  const std::vector<std::pair<std::size_t, Bytes>> frames{
      {0, {0}},                                           // nothing
      {~std::uint32_t{0}, {kind_of(Consensus{})}},        // four gigabytes
      {max_encoded_size(9) + 1, {kind_of(Consensus{})}},  // one byte too long
      {5000, {kind_of(NewHead{})}},                       // a small kind
      {10, {200}},                                        // no such kind
  };
  for (const auto& frame : frames) {
    INFO(frame.first);
    const auto peer = insider(world, *server);
    peer->send_raw(frame.first, frame.second);
    CHECK(world.run_until([&] { return !peer->is_open(); }));
  }
  CHECK(server->counter("aitbc_p2p_malformed_total") == frames.size());
  CHECK(goes_on(world, *server));
}

TEST_CASE("malformed messages are counted, their sender is disconnected and, when it repeats them, banned") {
  World world;
  const auto server = world.node();
  const PrivateKey key = PrivateKey::generate();
  for (int i = 1; i <= 3; ++i) {
    const auto peer = insider(world, *server, key);
    peer->send_frame({static_cast<std::uint8_t>(Message(GetBlocks{}).index()), 0xc1, 0x01});
    CHECK(world.run_until([&] { return !peer->is_open(); }));
    CHECK(server->counter("aitbc_p2p_malformed_total") == i);
  }
  CHECK(server->counter("aitbc_p2p_bans_total") == 1);
  RawPeer banned(world, *server, key);
  banned.greet();
  CHECK(world.run_until([&] { return !banned.is_open(); }));
  CHECK(banned.farewell() == "banned");
  CHECK(goes_on(world, *server));
}

TEST_CASE("a flood of one kind is dropped, and its sender banned") {
  World world;
  const auto server = world.node();
  const auto peer = insider(world, *server);
  for (std::uint64_t i = 0; i < 3000; ++i) peer->send(Ping{i});
  CHECK(world.run_until([&] { return !peer->is_open(); }));
  CHECK(server->counter("aitbc_p2p_dropped_total{reason=\"rate\"}") >= 50);
  CHECK(server->counter("aitbc_p2p_bans_total") == 1);
  CHECK(peer->heard().size() < 200);
  CHECK(goes_on(world, *server));
}

TEST_CASE("what is not done with is bounded: a peer is not read while too much of it waits") {
  World world;
  const auto server = world.node();
  server->recorder.keeps_holds = true;
  const auto peer = insider(world, *server);
  const Bytes content(1U << 20, 0x11);
  for (int i = 0; i < 40; ++i) peer->send(Consensus{content});
  world.run_until([&] { return server->recorder.messages.size() >= 20; }, std::chrono::seconds(2));
  const std::size_t taken = server->recorder.messages.size();
  CHECK(taken >= 8);
  CHECK(taken <= 10);
  server->recorder.keeps_holds = false;
  server->recorder.holds.clear();
  CHECK(world.run_until([&] { return server->recorder.messages.size() == 40; }));
}

TEST_CASE("to a peer that reads nothing only so much is kept, and then it is let go") {
  World world;
  const auto server = world.node();
  const auto peer = insider(world, *server);
  REQUIRE(world.run_until([&] { return server->peer_count() == 1; }));
  const PeerId id = server->network->peers().front().id;
  const Frame frame = make_frame(Consensus{Bytes(8U << 20, 1)});
  int queued = 0;
  while (server->network->send(id, frame) && queued < 100) ++queued;
  CHECK(queued <= 6);
  CHECK(server->counter("aitbc_p2p_dropped_total{reason=\"queue\"}") == 1);
}

TEST_CASE("a peer that does not hang up keeps a node that stops for a second at most") {
  World world;
  const auto server = world.node();
  const auto peer = insider(world, *server);
  REQUIRE(world.run_until([&] { return server->peer_count() == 1; }));
  bool is_gone = false;
  server->network->stop([&] { is_gone = true; });
  CHECK(world.run_until([&] { return is_gone; }, Duration(3000)));
  CHECK(peer->farewell() == "stopping");
}

TEST_CASE("a punished peer is disconnected when its score is used up, and kept away") {
  World world;
  const auto server = world.node();
  const auto client = world.node({}, calling(*server));
  REQUIRE(world.run_until([&] { return server->peer_count() == 1 && client->peer_count() == 1; }));
  server->network->punish(server->peer_of(*client), Offence::violation, "first");
  CHECK(server->peer_count() == 1);
  server->network->punish(server->peer_of(*client), Offence::forgery, "second");
  CHECK(server->peer_count() == 0);
  REQUIRE(world.run_until([&] { return client->peer_count() == 0; }));
  world.run_for(std::chrono::milliseconds(700));
  CHECK(server->peer_count() == 0);
}
