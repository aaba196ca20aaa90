#include "load/http_loop.hpp"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "load/echo_server.hpp"

using namespace aitbc;
using namespace aitbc::bench;

namespace {

constexpr std::chrono::milliseconds kTimeout{2'000};

// A listening socket that accepts connections and answers each with `answer` (nothing when empty), then
// closes it; `connections` times.
class RudeServer {
 public:
  RudeServer(std::string answer, int connections) : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(listener_, 16) == 0);
    REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this, text = std::move(answer), connections] {
      for (int i = 0; i < connections; ++i) serve(text);
    });
  }
  ~RudeServer() {
    thread_.join();
    close(listener_);
  }
  Endpoint endpoint() const { return {"127.0.0.1", port_, "/"}; }

 private:
  void serve(const std::string& answer) const {
    const int peer = accept(listener_, nullptr, nullptr);
    char request[4096];
    while (recv(peer, request, sizeof(request), 0) > 0) {
      if (answer.empty()) continue;  // keep the caller waiting until it leaves
      send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
      break;
    }
    close(peer);
  }

  int listener_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

// The body, or the error's message in angle brackets.
std::string exchange(HttpLoop& loop, std::size_t connection, const std::string& request) {
  std::string out;
  loop.send(connection, request, [&](Result<std::string_view> body) {
    out = body ? std::string(*body) : "<" + body.error().message + ">";
  });
  loop.run();
  return out;
}

}  // namespace

TEST_CASE("requests of every size come back whole, many to a connection") {
  const auto server = EchoServer::start(2).value();
  const Endpoint endpoint{"127.0.0.1", server->port(), "/"};
  const auto loop = HttpLoop::connect(endpoint, 2, kTimeout).value();
  for (const std::size_t size : {1U, 5U, 100U, 100'000U, 900'000U}) {
    const std::string body(size, 'x');
    CHECK(exchange(*loop, size % 2, make_request(endpoint, body)) == body);
  }
}

TEST_CASE("a handler may send the next request, and run() ends when none does") {
  const auto server = EchoServer::start(1).value();
  const Endpoint endpoint{"127.0.0.1", server->port(), "/"};
  const auto loop = HttpLoop::connect(endpoint, 1, kTimeout).value();
  const std::string request = make_request(endpoint, "again");
  int answers = 0;
  const std::function<void()> send = [&] {
    loop->send(0, request, [&](Result<std::string_view> body) {
      REQUIRE(body.has_value());
      if (++answers < 500) send();
    });
  };
  send();
  loop->run();
  CHECK(answers == 500);
}

TEST_CASE("an endpoint that is away is named in the error") {
  const auto loop = HttpLoop::connect({"127.0.0.1", 1, "/"}, 1, kTimeout);
  REQUIRE_FALSE(loop.has_value());
  CHECK(loop.error().code == ErrorCode::unavailable);
  CHECK(loop.error().message.find("127.0.0.1:1") != std::string::npos);
}

TEST_CASE("a server that never answers is given up after the timeout") {
  RudeServer server("", 1);
  const auto loop = HttpLoop::connect(server.endpoint(), 1, std::chrono::milliseconds(300)).value();
  const std::string answer = exchange(*loop, 0, make_request(server.endpoint(), "{}"));
  CHECK(answer.find("no answer in time") != std::string::npos);
}

TEST_CASE("garbage and a connection closed early are errors") {
  RudeServer garbage("SSH-2.0-OpenSSH_9.2\r\n\r\n", 1);
  const auto first = HttpLoop::connect(garbage.endpoint(), 1, kTimeout).value();
  CHECK(exchange(*first, 0, make_request(garbage.endpoint(), "{}")).starts_with("<http://"));
  RudeServer cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", 1);
  const auto second = HttpLoop::connect(cut.endpoint(), 1, kTimeout).value();
  CHECK(exchange(*second, 0, make_request(cut.endpoint(), "{}")).starts_with("<http://"));
}

TEST_CASE("a connection that the server closes after its answer is opened again") {
  RudeServer server("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 3);
  const auto loop = HttpLoop::connect(server.endpoint(), 1, kTimeout).value();
  for (int i = 0; i < 3; ++i) CHECK(exchange(*loop, 0, make_request(server.endpoint(), "{}")) == "ok");
}

TEST_CASE("an empty answer is an error that names the status") {
  RudeServer server("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 1);
  const auto loop = HttpLoop::connect(server.endpoint(), 1, kTimeout).value();
  CHECK(exchange(*loop, 0, make_request(server.endpoint(), "{}")).find("503") != std::string::npos);
}

TEST_CASE("timers fire in their order and stop() ends the loop early") {
  const auto server = EchoServer::start(1).value();
  const auto loop = HttpLoop::connect({"127.0.0.1", server->port(), "/"}, 1, kTimeout).value();
  const auto now = std::chrono::steady_clock::now();
  std::string order;
  loop->at(now + std::chrono::milliseconds(30), [&] {
    order += "b";
    loop->stop();
  });
  loop->at(now + std::chrono::milliseconds(5), [&] { order += "a"; });
  loop->at(now + std::chrono::hours(1), [&] { order += "c"; });
  loop->run();
  CHECK(order == "ab");
}

TEST_CASE("a status of an error is an answer or none, as asked for") {
  const std::string answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno";
  RudeServer first(answer, 1);
  const auto lenient = HttpLoop::connect(first.endpoint(), 1, kTimeout).value();
  CHECK(exchange(*lenient, 0, make_request(first.endpoint(), "{}")) == "no");
  RudeServer second(answer, 1);
  const auto strict = HttpLoop::connect(second.endpoint(), 1, kTimeout, Refuse::statuses_of_errors).value();
  CHECK(exchange(*strict, 0, make_request(second.endpoint(), "{}")).find("404: no") != std::string::npos);
}
