#include "http/server.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "tests/support/http_client.hpp"

using namespace aitbc;
using namespace aitbc::http;
using namespace std::chrono_literals;
using test::HttpClient;

namespace {

ServerOptions quick() {
  ServerOptions options;
  options.port = 0;
  options.threads = 2;
  options.linger_timeout = 500ms;
  return options;
}

// A server with an echo at POST /echo.
struct EchoServer {
  explicit EchoServer(ServerOptions options = quick()) : server(std::move(options)) {
    server.add_route("POST", "/echo", [](const Request& request) {
      return Response{.content_type = "text/plain", .body = std::string(request.body), .fields = {}};
    });
    server.add_route("GET", "/what", [](const Request& request) {
      return Response{.body = std::string(request.path) + "?" + std::string(request.query) + " " +
                              std::string(request.field("x-test")),
                      .fields = {{"X-Mine", "yes"}}};
    });
    server.add_route("GET", "/throws", [](const Request&) -> Response { throw std::runtime_error("oops"); });
    server.add_route("GET", "/large", [](const Request&) {
      return Response{.body = std::string(8U << 20, 'x'), .fields = {}};
    });
    const auto started = server.start();
    REQUIRE_MESSAGE(started, (started ? "" : started.error().message));
  }
  std::uint16_t port() const { return server.port(); }
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

TEST_CASE("the threads run at the program's priority unless the options say otherwise") {
  const int own = getpriority(PRIO_PROCESS, 0);  // of this thread; handlers run on the server's
  const auto niceness = [](ServerOptions options) {
    Server server(std::move(options));
    server.add_route("GET", "/niceness", [](const Request&) {
      return Response{.body = std::to_string(getpriority(PRIO_PROCESS, 0)), .fields = {}};
    });
    REQUIRE(server.start());
    HttpClient client(server.port());
    return std::stoi(client.get("/niceness").value_or(test::HttpReply()).body);
  };
  ServerOptions patient = quick();
  patient.lets_others_go_first = true;
  CHECK(niceness(quick()) == own);
  CHECK(niceness(patient) == std::min(own + 5, 19));  // 19: as far as it goes
}

TEST_CASE("requests on one connection are answered in order, also when they are sent together") {
  EchoServer server;
  HttpClient client(server.port());
  for (int i = 0; i < 50; ++i) {
    const auto reply = client.post("/echo", "n" + std::to_string(i));
    REQUIRE(reply);
    CHECK(reply->status == 200);
    CHECK(reply->body == "n" + std::to_string(i));
  }
  std::string together;
  for (int i = 0; i < 200; ++i)
    together +=
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n" + std::to_string(100 + i);
  client.send(together);
  for (int i = 0; i < 200; ++i) {
    const auto reply = client.read();
    REQUIRE(reply);
    CHECK(reply->body == std::to_string(100 + i));
  }
  CHECK(server.server.stats().requests == 250);
  CHECK(server.server.stats().accepted == 1);
}

TEST_CASE("a request may come in pieces of any size") {
  EchoServer server;
  HttpClient client(server.port());
  const std::string request = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello";
  for (const char c : request) {
    client.send(std::string(1, c));
    std::this_thread::sleep_for(1ms);
  }
  CHECK(client.read()->body == "hello");
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
  std::this_thread::sleep_for(20ms);
  client.send("llo\r\n4;x=y\r\n you\r\n0\r\nTrailer: t\r\n\r\n");
  CHECK(client.read()->body == "hello you");
  CHECK(client.get("/what?a=1&b", "X-Test: v\r\n")->body == "/what?a=1&b v");
}

TEST_CASE("large bodies pass in both directions") {
  EchoServer server;
  HttpClient client(server.port());
  const std::string body(20U << 20, 'z');
  std::thread sender([&] {
    client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n");
    client.send(body);
  });
  const auto reply = client.read();
  sender.join();
  REQUIRE(reply);
  CHECK(reply->body == body);
  CHECK(client.post("/echo", "small")->body == "small");
}

TEST_CASE("HEAD gets the header of GET, HTTP/1.0 clients a closed connection, field names any case") {
  EchoServer server;
  HttpClient client(server.port());
  client.send("HEAD /what HTTP/1.1\r\nHOST: localhost\r\n\r\nGET /what HTTP/1.0\r\n\r\n");
  std::this_thread::sleep_for(50ms);
  CHECK(client.closed_within(30s));

  HttpClient second(server.port());
  second.send("GET /what HTTP/1.0\r\n\r\n");
  const auto reply = second.read();
  REQUIRE(reply);
  CHECK(reply->has("Connection: close"));
  CHECK(reply->has("X-Mine: yes"));
  CHECK(second.closed_within(30s));
}

TEST_CASE("a client that asks before it sends a body is told to go on") {
  EchoServer server;
  HttpClient client(server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(client.read()->status == 100);
  client.send("ok");
  CHECK(client.read()->body == "ok");
}

TEST_CASE("an answer may come later, from another thread, and others are served meanwhile") {
  Server server(quick());
  std::mutex mutex;
  std::vector<std::pair<std::string, Respond>> waiting;
  server.add_deferred_route("POST", "/later", [&](const Request& request, Respond respond) {
    if (request.body == "dropped") return;
    if (request.body == "at once") return respond(Response{.body = "done", .fields = {}});
    const std::lock_guard lock(mutex);
    waiting.emplace_back(request.body, std::move(respond));
  });
  server.add_route("GET", "/now", [](const Request&) { return Response{.body = "now", .fields = {}}; });
  REQUIRE(server.start());

  HttpClient patient(server.port());
  patient.send(
      "POST /later HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"
      "GET /now HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(eventually([&] {
    const std::lock_guard lock(mutex);
    return waiting.size() == 1;
  }));
  for (int i = 0; i < 4; ++i) CHECK(HttpClient(server.port()).get("/now")->body == "now");
  std::thread([&] {
    waiting.front().second(Response{.body = "then", .fields = {}});
    waiting.front().second(Response{.body = "twice", .fields = {}});
  }).join();
  CHECK(patient.read()->body == "then");
  CHECK(patient.read()->body == "now");
  CHECK(patient.post("/later", "at once")->body == "done");
  CHECK(patient.post("/later", "dropped")->status == 500);
  waiting.clear();
}

TEST_CASE("what the server refuses gets a status and a reason, then the connection ends") {
  ServerOptions options = quick();
  options.max_body_bytes = 1000;
  options.max_header_bytes = 2000;
  EchoServer server(options);
  const auto refused = [&](const std::string& request, int status, std::string_view reason) {
    HttpClient client(server.port());
    client.send(request);
    const auto reply = client.read();
    REQUIRE_MESSAGE(reply, request.substr(0, 80));
    CHECK_MESSAGE(reply->status == status, request.substr(0, 80), reply->head);
    CHECK_MESSAGE(reply->body.find(reason) != std::string::npos, reply->body);
    CHECK(reply->has("Connection: close"));
    CHECK(client.closed_within(30s));
  };
  refused("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'x'),
          413, "content length too large");
  refused("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" +
              std::string(4096, 'x'),
          413, "content length too large");
  refused("GET /what HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(3000, 'x') + "\r\n\r\n", 431,
          "header too large");
  refused("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 501,
          "transfer encoding");
  refused("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello", 400,
          "malformed");
  refused("POST /echo HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400, "malformed");
  refused("POST /echo HTTP/1.1\r\nContent-Length: -5\r\n\r\nhello", 400, "malformed");
  refused("POST /echo HTTP/3.0\r\n\r\n", 400, "malformed");
  refused("\x16\x03\x01\x02", 400, "malformed");
  refused("complete nonsense\r\n\r\n", 400, "malformed");
}

TEST_CASE("a wrong path, method or host is refused and the connection goes on") {
  EchoServer server;
  HttpClient client(server.port());
  CHECK(client.get("/nowhere")->status == 404);
  const auto wrong_method = client.get("/echo");
  CHECK(wrong_method->status == 405);
  CHECK(wrong_method->has("Allow: POST"));
  client.send("GET /what HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  const auto wrong_host = client.read();
  CHECK(wrong_host->status == 403);
  CHECK(wrong_host->body == R"({"detail":"invalid host specified"})");
  CHECK(client.get("/throws")->status == 500);
  CHECK(client.post("/echo", "still here")->body == "still here");
}

TEST_CASE("connections beyond the limit are told so, and free places are used again") {
  ServerOptions options = quick();
  options.max_connections = 3;
  EchoServer server(options);
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<HttpClient>(server.port()));
    CHECK(clients.back()->post("/echo", "x")->status == 200);
  }
  for (int i = 0; i < 200; ++i) {
    HttpClient client(server.port());
    const auto reply = client.read();
    REQUIRE(reply);
    CHECK(reply->status == 503);
    CHECK(reply->body.find("too many connections") != std::string::npos);
  }
  CHECK(server.server.stats().refused == 200);
  clients.clear();
  CHECK(eventually([&] { return server.server.stats().connections == 0; }));
  HttpClient client(server.port());
  CHECK(client.post("/echo", "x")->status == 200);
}

TEST_CASE("slow and silent clients are disconnected, with a reason where one can be given") {
  ServerOptions options = quick();
  options.header_timeout = 500ms;
  options.body_timeout = 700ms;
  options.idle_timeout = 1000ms;
  EchoServer server(options);

  SUBCASE("one that never says anything") {
    HttpClient client(server.port());
    CHECK(client.closed_within(30s));
  }
  SUBCASE("one that goes silent after a request") {
    HttpClient client(server.port());
    CHECK(client.post("/echo", "x")->status == 200);
    CHECK(client.closed_within(30s));
  }
  SUBCASE("one that sends its header a byte at a time") {
    HttpClient client(server.port());
    std::thread sender([&] {
      for (int i = 0; i < 200 && client.send("G"); ++i) std::this_thread::sleep_for(10ms);
    });
    const auto reply = client.read();
    sender.join();
    REQUIRE(reply);
    CHECK(reply->status == 408);
  }
  SUBCASE("one that does not send the body it announced") {
    HttpClient client(server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf");
    const auto reply = client.read();
    REQUIRE(reply);
    CHECK(reply->status == 408);
    CHECK(client.closed_within(30s));
  }
  SUBCASE("one that ends its side in the middle of a request") {
    HttpClient client(server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf");
    client.finish_sending();
    const auto reply = client.read();
    REQUIRE(reply);
    CHECK(reply->status == 400);
  }
  CHECK(eventually([&] { return server.server.stats().connections == 0; }));
}

TEST_CASE("a client that does not read its response is disconnected") {
  ServerOptions options = quick();
  options.write_timeout = 150ms;
  EchoServer server(options);
  HttpClient client(server.port(), 4096);
  client.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(eventually([&] { return server.server.stats().requests == 1; }));
  CHECK(eventually([&] { return server.server.stats().connections == 0; }));
}

TEST_CASE("many large bodies at a time are refused before they use up the memory") {
  ServerOptions options = quick();
  options.max_total_body_bytes = 1U << 20;
  EchoServer server(options);
  HttpClient first(server.port());
  first.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n" +
             std::string(800'000, 'x'));
  CHECK(eventually([&] { return server.server.stats().body_bytes >= 800'000; }));
  HttpClient second(server.port());
  second.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n" +
              std::string(800'000, 'x'));
  const auto reply = second.read();
  REQUIRE(reply);
  CHECK(reply->status == 503);
  first.send(std::string(100'000, 'x'));
  CHECK(first.read()->status == 200);
  HttpClient third(server.port());
  CHECK(third.post("/echo", std::string(800'000, 'x'))->status == 200);
}

TEST_CASE("many large responses at a time are refused before they use up the memory") {
  ServerOptions options = quick();
  options.max_total_output_bytes = 10U << 20;
  EchoServer server(options);
  const std::string_view ask = "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";
  HttpClient first(server.port(), 4096);
  first.send(ask);
  CHECK(eventually([&] { return server.server.stats().requests == 1; }));
  HttpClient second(server.port());
  second.send(ask);
  const auto refused = second.read();
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK(first.read()->body.size() == 8U << 20);
  second.send(ask);
  CHECK(second.read()->body.size() == 8U << 20);
}

TEST_CASE("CORS is off unless origins are listed") {
  const std::string_view preflight =
      "OPTIONS /echo HTTP/1.1\r\nHost: localhost\r\nOrigin: https://wallet.example\r\n"
      "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n";
  SUBCASE("off") {
    EchoServer server;
    HttpClient client(server.port());
    client.send(preflight);
    const auto reply = client.read();
    CHECK(reply->status == 204);
    CHECK(!reply->has("Access-Control"));
    CHECK(!client.post("/echo", "x", "Origin: https://wallet.example\r\n")->has("Access-Control"));
  }
  SUBCASE("on for one origin") {
    ServerOptions options = quick();
    options.cors_origins = {"https://wallet.example"};
    EchoServer server(options);
    HttpClient client(server.port());
    client.send(preflight);
    const auto reply = client.read();
    CHECK(reply->status == 204);
    CHECK(reply->has("Access-Control-Allow-Origin: https://wallet.example\r\n"));
    CHECK(reply->has("Access-Control-Allow-Methods: POST\r\n"));
    CHECK(reply->has("Access-Control-Allow-Headers: content-type\r\n"));
    CHECK(client.post("/echo", "x", "Origin: https://wallet.example\r\n")
              ->has("Access-Control-Allow-Origin: https://wallet.example\r\n"));
    const auto other = client.post("/echo", "x", "Origin: https://evil.example\r\n");
    CHECK(!other->has("Access-Control-Allow-Origin"));
    CHECK(other->has("Vary: Origin"));
  }
}

TEST_CASE("an address that is taken or wrong is an error with the address in it") {
  EchoServer server;
  ServerOptions options = quick();
  options.port = server.port();
  Server second(options);
  const auto started = second.start();
  REQUIRE(!started);
  CHECK(started.error().code == ErrorCode::io);
  CHECK(started.error().message.find(std::to_string(server.port())) != std::string::npos);
  options.address = "not-an-address";
  CHECK(!Server(options).start());
}

TEST_CASE("stopping under load answers what is in flight and ends every connection") {
  ServerOptions options = quick();
  options.threads = 4;
  auto server = std::make_unique<Server>(options);
  std::atomic<int> handled{0};
  server->add_route("POST", "/slow", [&](const Request&) {
    std::this_thread::sleep_for(2ms);
    ++handled;
    return Response{.body = "done", .fields = {}};
  });
  REQUIRE(server->start());
  std::atomic<int> answered{0};
  std::atomic<bool> stopped{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, port = server->port()] {
      while (!stopped) {
        HttpClient client(port);
        if (!client.connected()) return;
        while (client.post("/slow", "x")) ++answered;
      }
    });
  }
  HttpClient idle(server->port());
  CHECK(eventually([&] { return handled > 50 && server->stats().connections >= 5; }));
  const auto before = std::chrono::steady_clock::now();
  stopped = true;
  server->stop();
  CHECK(std::chrono::steady_clock::now() - before < 30s);
  CHECK(idle.closed_within(30s));
  for (std::thread& thread : threads) thread.join();
  CHECK(answered == handled);
  server->stop();  // once more changes nothing
  server.reset();
}

TEST_CASE("posted tasks run one after another, in order") {
  EchoServer server;
  std::vector<int> seen;
  std::atomic<bool> done{false};
  for (int i = 0; i < 1000; ++i) server.server.post([&seen, i] { seen.push_back(i); });
  server.server.post([&] { done = true; });
  CHECK(eventually([&] { return done.load(); }));
  REQUIRE(seen.size() == 1000);
  for (int i = 0; i < 1000; ++i) CHECK(seen[static_cast<std::size_t>(i)] == i);
}
