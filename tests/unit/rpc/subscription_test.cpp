#include "codec/hex.hpp"
#include "tests/unit/rpc/world.hpp"

namespace aitbc::rpc::test {
namespace {

// Remembers what was sent to it.
class Peer final : public http::WebSocketPeer {
 public:
  void send(std::shared_ptr<const std::string> text) override { messages.push_back(json::parse(*text)); }
  std::vector<json::value> messages;
};

std::string arguments(std::string_view kind, std::string_view more = "") {
  return "[\"" + std::string(kind) + "\"" + std::string(more) + "]";
}

}  // namespace

TEST_CASE("new heads are announced with the whole header") {
  World world;
  const auto peer = std::make_shared<Peer>();
  const json::value id = world.ask("eth_subscribe", arguments("newHeads"), peer);
  world.commit(world.sign({}));
  REQUIRE(peer->messages.size() == 1);
  const json::value& message = peer->messages[0];
  CHECK(message.at("jsonrpc") == "2.0");
  CHECK(message.at("method") == "eth_subscription");
  CHECK(message.at("params").at("subscription") == id);
  const json::value& head = message.at("params").at("result");
  CHECK(text(head.at("hash")) == hex::encode_prefixed(world.head_hash()));
  const json::value block = world.ask("eth_getBlockByNumber", R"(["latest"])");
  for (const auto& member : head.as_object()) CHECK(block.at(member.key()) == member.value());
  CHECK(head.as_object().contains("baseFeePerGas"));
}

TEST_CASE("logs are announced by filter, end-of-block ones included, as eth_getLogs shows them") {
  World world;
  const auto all = std::make_shared<Peer>();
  const auto some = std::make_shared<Peer>();
  world.ask("eth_subscribe", arguments("logs"), all);
  world.ask(
      "eth_subscribe",
      arguments("logs", R"(,{"topics":[)" + quoted(aitbc::test::log_of({}, "reminder").topics[0]) + "]}"),
      some);
  const TransactionPtr transactions[] = {
      world.sign({.to = contract_address(), .data = {kStore, 1}}),
      world.sign({.from = 2, .to = contract_address(), .data = {kRemind}}),
      world.sign({.from = 3, .to = contract_address(), .data = {kStore, 2}})};
  world.commit(transactions);
  REQUIRE(all->messages.size() == 3);
  REQUIRE(some->messages.size() == 1);
  const json::value logs = world.ask("eth_getLogs", "[{}]");
  for (std::size_t i = 0; i < 3; ++i) CHECK(all->messages[i].at("params").at("result") == logs.as_array()[i]);
  CHECK(some->messages[0].at("params").at("result") == logs.as_array()[2]);
}

TEST_CASE("pending transactions are announced by hash or in full") {
  World world;
  const auto hashes = std::make_shared<Peer>();
  const auto full = std::make_shared<Peer>();
  world.ask("eth_subscribe", arguments("newPendingTransactions"), hashes);
  world.ask("eth_subscribe", arguments("newPendingTransactions", ",true"), full);
  const TransactionPtr sent = world.sign({});
  world.ask("eth_sendRawTransaction", "[" + quoted(sent->wire) + "]");
  REQUIRE(hashes->messages.size() == 1);
  CHECK(text(hashes->messages[0].at("params").at("result")) == hex::encode_prefixed(sent->hash));
  REQUIRE(full->messages.size() == 1);
  CHECK(text(full->messages[0].at("params").at("result").at("hash")) == hex::encode_prefixed(sent->hash));
}

TEST_CASE("an ended subscription is silent, and belongs to its connection") {
  World world;
  const auto peer = std::make_shared<Peer>();
  const auto other = std::make_shared<Peer>();
  const std::string id = json::serialize(world.ask("eth_subscribe", arguments("newHeads"), peer));
  CHECK(world.error("eth_unsubscribe", "[" + id + "]", other) == "-32000 subscription not found");
  CHECK(world.ask("eth_unsubscribe", "[" + id + "]", peer) == true);
  CHECK(world.error("eth_unsubscribe", "[" + id + "]", peer) == "-32000 subscription not found");
  world.commit(world.sign({}));
  CHECK(peer->messages.empty());
}

TEST_CASE("subscriptions need a connection that can be notified, and are bounded") {
  World world;
  CHECK(world.error("eth_subscribe", arguments("newHeads")) == "-32601 notifications not supported");
  const auto peer = std::make_shared<Peer>();
  CHECK(world.error("eth_subscribe", arguments("newMoons"), peer) ==
        "-32601 no \"newMoons\" subscription in eth namespace");
  CHECK(world.error("eth_subscribe", arguments("logs", R"(,{"topics":1})"), peer) ==
        "-32602 invalid argument 1: topics: an array is expected");
  for (int i = 0; i < 3; ++i) world.ask("eth_subscribe", arguments("newHeads"), peer);
  CHECK(world.error("eth_subscribe", arguments("newHeads"), peer) == "-32005 too many subscriptions (max 3)");
  const auto other = std::make_shared<Peer>();
  CHECK(world.ask("eth_subscribe", arguments("newHeads"), other).is_string());
}

}  // namespace aitbc::rpc::test
