#include "http/websocket.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "http/server.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/websocket_client.hpp"

using namespace aitbc;
using namespace aitbc::http;
using namespace std::chrono_literals;
using test::WebSocketClient;

namespace {

namespace beast_websocket = boost::beast::websocket;

constexpr std::string_view kHandshake =
    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

// Answers "echo TEXT"; on "push N SIZE" also sends N messages of SIZE bytes.
class Echo final : public WebSocketHandler {
 public:
  Echo(std::shared_ptr<WebSocketPeer> peer, std::atomic<int>& alive) : peer_(std::move(peer)), alive_(alive) {
    ++alive_;
  }
  ~Echo() override { --alive_; }
  std::string on_message(std::string_view text) override {
    unsigned count = 0;
    unsigned size = 0;
    if (std::sscanf(std::string(text).c_str(), "push %u %u", &count, &size) == 2)
      for (unsigned i = 0; i < count; ++i)
        peer_->send(std::make_shared<const std::string>(std::to_string(i) + std::string(size, '.')));
    return text == "quiet" ? "" : "echo " + std::string(text);
  }

 private:
  std::shared_ptr<WebSocketPeer> peer_;
  std::atomic<int>& alive_;
};

ServerOptions quick() {
  ServerOptions options;
  options.port = 0;
  options.threads = 2;
  options.linger_timeout = 500ms;
  return options;
}

struct EchoServer {
  explicit EchoServer(ServerOptions options = quick()) : server(std::move(options)) {
    server.set_websocket("/", [this](std::shared_ptr<WebSocketPeer> peer) {
      const std::lock_guard lock(mutex);
      last_peer = peer;
      return std::make_unique<Echo>(std::move(peer), alive);
    });
    REQUIRE(server.start());
  }
  std::atomic<int> alive{0};
  std::mutex mutex;
  std::shared_ptr<WebSocketPeer> last_peer;
  Server server;
};

bool eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 6000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

}  // namespace

TEST_CASE("messages are answered in order, and a reply comes before what was sent during the call") {
  EchoServer server;
  WebSocketClient client(server.server.port());
  REQUIRE(client.open());
  CHECK(client.ask("hello") == "echo hello");
  CHECK(client.ask("push 3 0") == "echo push 3 0");
  CHECK(client.read() == "0");
  CHECK(client.read() == "1");
  CHECK(client.read() == "2");
  client.send("quiet");
  CHECK(client.ask("next") == "echo next");
  CHECK(server.server.stats().websockets == 1);
  client.close();
  CHECK(eventually([&] { return server.alive == 0 && server.server.stats().connections == 0; }));
  server.last_peer->send(std::make_shared<const std::string>("nobody listens"));
}

TEST_CASE("other threads may send at any time") {
  EchoServer server;
  WebSocketClient client(server.server.port());
  REQUIRE(client.ask("x"));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 250; ++n) server.last_peer->send(std::make_shared<const std::string>("tick"));
    });
  for (int i = 0; i < 1000; ++i) REQUIRE(client.read() == "tick");
  for (std::thread& thread : threads) thread.join();
}

TEST_CASE("a message over the limit closes with code 1009") {
  ServerOptions options = quick();
  options.max_websocket_message_bytes = 1000;
  EchoServer server(options);
  WebSocketClient client(server.server.port());
  CHECK(client.ask(std::string(1000, 'x')));
  client.send(std::string(1001, 'x'));
  CHECK(!client.read());
  CHECK(client.reason().code == beast_websocket::close_code::too_big);
  CHECK(eventually([&] { return server.alive == 0; }));
}

TEST_CASE("a consumer that is too slow for its notifications is closed with code 1008") {
  ServerOptions options = quick();
  options.max_websocket_queue_bytes = 200'000;
  EchoServer server(options);
  WebSocketClient client(server.server.port(), "", 4096);
  client.send("push 5000 10000");
  std::this_thread::sleep_for(300ms);
  int received = 0;
  while (client.read()) ++received;
  CHECK(received < 1000);
  CHECK(client.reason().code == beast_websocket::close_code::policy_error);
  CHECK(eventually([&] { return server.alive == 0; }));
}

TEST_CASE("a client that asks without reading is slowed down, not dropped") {
  ServerOptions options = quick();
  options.max_websocket_queue_bytes = 300'000;
  EchoServer server(options);
  test::HttpClient client(server.server.port(), 4096);
  client.send(kHandshake);
  REQUIRE(client.read()->status == 101);
  constexpr int kMessages = 100;
  std::thread sender([&] {
    // A text frame of 100,000 bytes, masked with zeros.
    const std::string frame =
        std::string("\x81\xff\0\0\0\0\0\x01\x86\xa0\0\0\0\0", 14) + std::string(100'000, 'a');
    for (int i = 0; i < kMessages; ++i) client.send(frame);
  });
  std::this_thread::sleep_for(300ms);
  CHECK(server.server.stats().requests < kMessages);
  CHECK(client.skip(kMessages * (10 + 5 + 100'000)));
  sender.join();
}

TEST_CASE("a large response does not count against notifications") {
  ServerOptions options = quick();
  options.max_websocket_queue_bytes = 10'000;
  EchoServer server(options);
  WebSocketClient client(server.server.port());
  const std::string large(1U << 20, 'a');
  client.send(large);
  client.send("push 5 100");
  CHECK(client.read()->size() == large.size() + 5);
  CHECK(client.read() == "echo push 5 100");
  for (int i = 0; i < 5; ++i) CHECK(client.read().has_value());
}

TEST_CASE("a client that reads nothing at all is disconnected in the end") {
  ServerOptions options = quick();
  options.write_timeout = 200ms;
  EchoServer server(options);
  test::HttpClient client(server.server.port(), 4096);
  client.send(kHandshake);
  REQUIRE(client.read()->status == 101);
  REQUIRE(eventually([&] { return server.alive == 1; }));
  for (int i = 0; i < 250; ++i) server.last_peer->send(std::make_shared<const std::string>(100'000, 'x'));
  CHECK(eventually([&] { return server.alive == 0; }));
}

TEST_CASE("half-open clients are found out by pings") {
  ServerOptions options = quick();
  options.websocket_idle_timeout = 200ms;
  EchoServer server(options);
  test::HttpClient client(server.server.port());
  client.send(kHandshake);
  CHECK(client.read()->status == 101);
  CHECK(client.closed_within(30s));
  CHECK(eventually([&] { return server.alive == 0; }));
}

TEST_CASE("pages of other origins cannot connect") {
  EchoServer server;
  CHECK(WebSocketClient(server.server.port(), "http://localhost:3000").open());
  CHECK(!WebSocketClient(server.server.port(), "https://evil.example").open());
}

TEST_CASE("broken frames end the connection without harm") {
  EchoServer server;
  for (const std::string& frame :
       {std::string("\x81\x05hello", 7), std::string(14, '\xff'),
        std::string("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", 14),
        std::string("GET / HTTP/1.1\r\n\r\n")}) {
    test::HttpClient client(server.server.port());
    client.send(kHandshake);
    REQUIRE(client.read()->status == 101);
    client.send(frame);
    CHECK_MESSAGE(client.closed_within(30s), frame.size());
  }
  CHECK(eventually([&] { return server.alive == 0; }));
  // A bad handshake is an HTTP error.
  test::HttpClient client(server.server.port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  CHECK(client.read()->status >= 400);
}

TEST_CASE("stopping tells every client that the server goes away") {
  EchoServer server;
  WebSocketClient client(server.server.port());
  CHECK(client.ask("x"));
  std::thread stopper([&] { server.server.stop(); });
  CHECK(!client.read());
  CHECK(client.reason().code == beast_websocket::close_code::going_away);
  stopper.join();
  CHECK(server.alive == 0);
}
