#include "http/access.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace aitbc::http;

TEST_CASE("hosts: listed names and IP addresses pass, names of others do not") {
  const std::vector<std::string> allowed{"localhost", "node.example"};
  for (const char* host : {"localhost", "LOCALHOST:8545", "127.0.0.1", "127.0.0.1:8545", "[::1]:8545", "::1",
                           "10.0.0.7:80", "node.example:1", ""})
    CHECK_MESSAGE(host_allowed(host, allowed), host);
  for (const char* host :
       {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhostx:1"})
    CHECK_MESSAGE(!host_allowed(host, allowed), host);
  CHECK(host_allowed("evil.example", std::vector<std::string>{"*"}));
}

TEST_CASE("origins: none but the listed ones") {
  const std::vector<std::string> allowed{"https://wallet.example"};
  CHECK(origin_allowed("https://wallet.example", allowed));
  CHECK(!origin_allowed("http://wallet.example", allowed));
  CHECK(!origin_allowed("https://other.example", allowed));
  CHECK(!origin_allowed("https://wallet.example", {}));
  CHECK(origin_allowed("https://any.example", std::vector<std::string>{"*"}));
}

TEST_CASE("WebSockets: programs and local pages pass, pages of other sites need to be listed") {
  CHECK(websocket_origin_allowed("", {}));
  CHECK(websocket_origin_allowed("http://localhost:3000", {}));
  CHECK(websocket_origin_allowed("http://127.0.0.1:8545", {}));
  CHECK(!websocket_origin_allowed("https://evil.example", {}));
  CHECK(!websocket_origin_allowed("http://localhost.evil.example", {}));
  CHECK(!websocket_origin_allowed("null", {}));
  CHECK(
      websocket_origin_allowed("https://wallet.example", std::vector<std::string>{"https://wallet.example"}));
}

TEST_CASE("only JSON media types count as JSON") {
  CHECK(is_json_content_type("application/json"));
  CHECK(is_json_content_type("Application/JSON ; charset=utf-8"));
  CHECK(is_json_content_type("application/json-rpc"));
  CHECK(!is_json_content_type("text/plain"));
  CHECK(!is_json_content_type(""));
  CHECK(!is_json_content_type("application/jsonx"));
}
