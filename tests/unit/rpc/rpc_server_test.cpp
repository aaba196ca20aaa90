#include "node/rpc/rpc_server.hpp"

#include <atomic>
#include <thread>

#include "codec/hex.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/websocket_client.hpp"
#include "tests/unit/rpc/world.hpp"

namespace aitbc::rpc::test {
namespace {

using aitbc::test::HttpClient;
using aitbc::test::WebSocketClient;

RpcServerOptions quick() {
  RpcServerOptions options;
  options.http.port = 0;
  options.http.threads = 2;
  options.http.linger_timeout = std::chrono::milliseconds(500);
  return options;
}

// The methods over sockets, on the world's chain and pool.
struct Served {
  explicit Served(RpcServerOptions options = quick()) : server(std::move(options), world.backend) {
    world.chain().on_head([this](const chain::HeadEvent& event) { server.on_head(event); });
    world.pool().on_admitted([this](std::span<const TransactionPtr> all) { server.on_admitted(all); });
    const auto started = server.start();
    REQUIRE_MESSAGE(started.has_value(), (started ? "" : started.error().message));
  }
  World world;
  RpcServer server;
};

std::string request(std::string_view method, std::string_view params = "[]") {
  return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":)" +
         std::string(params) + "}";
}

}  // namespace

TEST_CASE("requests and batches are answered over HTTP, many on one connection") {
  Served served;
  HttpClient client(served.server.port());
  for (int i = 0; i < 10; ++i) {
    const auto reply = client.post("/", request("eth_blockNumber"));
    REQUIRE(reply);
    CHECK(reply->status == 200);
    CHECK(reply->has("Content-Type: application/json"));
    CHECK(reply->body == R"({"jsonrpc":"2.0","id":1,"result":"0x0"})");
  }
  const auto batch = client.post("/", "[" + request("eth_blockNumber") + "," + request("eth_accounts") + "]");
  CHECK(batch->body == R"([{"jsonrpc":"2.0","id":1,"result":"0x0"},{"jsonrpc":"2.0","id":1,"result":[]}])");
  const auto silent = client.post("/", R"({"jsonrpc":"2.0","method":"eth_blockNumber"})");
  CHECK(silent->status == 200);
  CHECK(silent->body.empty());
}

TEST_CASE("what is wrong with a request is said in JSON-RPC's form") {
  RpcServerOptions options = quick();
  options.http.max_body_bytes = 10'000;
  options.http.max_connections = 2;
  options.json_rpc.max_batch_items = 3;
  Served served(options);
  {
    HttpClient client(served.server.port());
    CHECK(client.post("/", "{")->body ==
          R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}})");
    const auto wrong_type = client.post("/", request("eth_blockNumber"), "Content-Type: text/plain\r\n");
    CHECK(wrong_type->status == 415);
    CHECK(wrong_type->body.find("only application/json is supported") != std::string::npos);
    CHECK(client.post("/", "[1,2,3,4]")->body.find("batch too large") != std::string::npos);
    CHECK(client.get("/")->status == 405);
    CHECK(client.post("/other", "{}")->body == R"({"detail":"no such path"})");
    const auto too_large = client.post("/", std::string(10'001, ' '));
    CHECK(too_large->status == 413);
    CHECK(too_large->body.find(
              R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"content length too large)") ==
          0);
  }
  HttpClient first(served.server.port());
  HttpClient second(served.server.port());
  CHECK(first.post("/", request("eth_chainId"))->status == 200);
  CHECK(second.post("/", request("eth_chainId"))->status == 200);
  HttpClient third(served.server.port());
  const auto refused = third.read();
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK(refused->body.find(R"("message":"too many connections")") != std::string::npos);
}

TEST_CASE("other routes live beside JSON-RPC on the same port") {
  Served served;  // routes must be there before the start, so this one checks the defaults
  RpcServerOptions options = quick();
  World world;
  RpcServer server(options, world.backend);
  server.http().add_route("GET", "/metrics", [](const http::Request&) {
    return http::Response{.content_type = "text/plain", .body = "up 1\n", .fields = {}};
  });
  server.registry().add({"custom_answer", "From elsewhere", {}}, [](Call& call) -> RpcResult<void> {
    call.out.number(std::uint64_t{42});
    return {};
  });
  REQUIRE(server.start());
  HttpClient client(server.port());
  CHECK(client.get("/metrics")->body == "up 1\n");
  CHECK(client.post("/", request("custom_answer"))->body == R"({"jsonrpc":"2.0","id":1,"result":42})");
  CHECK(client.post("/", request("rpc_modules"))->body.find("\"custom\":\"1.0\"") != std::string::npos);
}

TEST_CASE("a WebSocket answers requests and carries notifications") {
  Served served;
  WebSocketClient client(served.server.port());
  REQUIRE(client.open());
  CHECK(client.ask(request("eth_blockNumber")) == R"({"jsonrpc":"2.0","id":1,"result":"0x0"})");
  CHECK(client.ask("[]").value().find("empty batch") != std::string::npos);
  CHECK(client.ask("{").value().find("-32700") != std::string::npos);
  const json::value subscribed = json::parse(client.ask(request("eth_subscribe", R"(["newHeads"])")).value());
  const std::string id(text(subscribed.at("result")));
  served.world.commit(served.world.sign({}));
  const auto message = client.read();
  REQUIRE(message);
  const json::value head = json::parse(*message).at("params");
  CHECK(text(head.at("subscription")) == id);
  CHECK(text(head.at("result").at("hash")) == hex::encode_prefixed(served.world.head_hash()));

  client.ask(request("eth_subscribe", R"(["newPendingTransactions"])"));
  const TransactionPtr sent = served.world.sign({.nonce = 1});
  CHECK(
      client.ask(request("eth_sendRawTransaction", "[" + quoted(sent->wire) + "]")).value().find("result") !=
      std::string::npos);
  CHECK(client.read().value().find(hex::encode_prefixed(sent->hash)) != std::string::npos);
  CHECK(client.ask(request("eth_unsubscribe", "[\"" + id + "\"]")) ==
        R"({"jsonrpc":"2.0","id":1,"result":true})");
}

TEST_CASE("subscriptions end with their connection") {
  Served served;
  {
    WebSocketClient client(served.server.port());
    for (int i = 0; i < 5; ++i) client.ask(request("eth_subscribe", R"(["newHeads"])"));
    served.world.commit(served.world.sign({}));
    for (int i = 0; i < 5; ++i) CHECK(client.read().has_value());
    client.close();
  }
  for (int i = 0; i < 6000 && served.server.stats().websockets > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(served.server.stats().websockets == 0);
  served.world.commit(served.world.sign({.nonce = 1}));
}

TEST_CASE("queries, transactions and new blocks at the same time, then a stop in the middle of it all") {
  auto served = std::make_unique<Served>();
  std::atomic<bool> stop{false};
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  const std::uint16_t port = served->server.port();
  const std::string address = quoted(key_of(1).address());
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, port] {
      const std::string batch = "[" + request("eth_getBalance", "[" + address + "]") + "," +
                                request("eth_getBlockByNumber", R"(["latest",true])") + "," +
                                request("eth_feeHistory", R"(["0x5","latest",[50]])") + "," +
                                request("eth_getLogs", R"([{"fromBlock":"0x0"}])") + "]";
      while (!stop) {
        HttpClient client(port);
        while (!stop) {
          const auto reply = client.post("/", batch);
          if (!reply) break;
          if (reply->status != 200 || reply->body.find("\"error\"") != std::string::npos) continue;
          ++answered;
        }
      }
    });
  }
  threads.emplace_back([&, port] {
    WebSocketClient client(port);
    if (!client.ask(request("eth_subscribe", R"(["logs"])"))) return;
    while (client.read(std::chrono::seconds(2))) {
    }
  });
  for (Nonce nonce = 0; nonce < 30; ++nonce)
    served->world.commit(served->world.sign({.to = contract_address(), .nonce = nonce, .data = {kStore, 1}}));
  while (answered < 50) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  served->server.stop();
  stop = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(answered >= 50);
}

}  // namespace aitbc::rpc::test
