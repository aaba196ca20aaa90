#include "load/endpoint.hpp"

#include <doctest/doctest.h>

using namespace aitbc::bench;

TEST_CASE("an endpoint has a host, a port and a path, the last two with defaults") {
  const Endpoint full = parse_endpoint("http://node.example:8545/rpc/v1").value();
  CHECK(full.host == "node.example");
  CHECK(full.port == 8545);
  CHECK(full.path == "/rpc/v1");
  const Endpoint bare = parse_endpoint("http://127.0.0.1").value();
  CHECK(bare.host == "127.0.0.1");
  CHECK(bare.port == 80);
  CHECK(bare.path == "/");
  const Endpoint ipv6 = parse_endpoint("http://[::1]:8545").value();
  CHECK(ipv6.host == "::1");
  CHECK(ipv6.port == 8545);
  CHECK(parse_endpoint("http://[::1]/").value().port == 80);
}

TEST_CASE("other schemes, missing hosts and impossible ports are refused") {
  for (const char* url : {"", "localhost:8545", "https://node", "ws://node", "http://", "http://:8545",
                          "http://node:", "http://node:0", "http://node:65536", "http://node:80x"})
    CHECK_FALSE(parse_endpoint(url).has_value());
}

TEST_CASE("a request is complete: its length is its body's") {
  const std::string request = make_request({"::1", 8545, "/rpc"}, R"({"id":1})");
  CHECK(
      request ==
      "POST /rpc HTTP/1.1\r\nHost: [::1]:8545\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n"
      R"({"id":1})");
}
