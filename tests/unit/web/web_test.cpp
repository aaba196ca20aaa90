#include <doctest/doctest.h>

#include "http/server.hpp"
#include "tests/support/temp_folder.hpp"
#include "wallet/web/http_client.hpp"
#include "wallet/web/public_address.hpp"

namespace aitbc::web {
namespace {

TEST_CASE("URLs: scheme, host, port and target") {
  const Url url = parse_url("https://gpus.example:8443/results/job_5?a=1").value();
  CHECK(url.tls);
  CHECK(url.host == "gpus.example");
  CHECK(url.port == "8443");
  CHECK(url.target == "/results/job_5?a=1");
  CHECK(origin_of(url) == "https://gpus.example:8443");
  CHECK(parse_url("http://[::1]").value().host == "::1");
  CHECK(parse_url("http://a").value().port == "80");
  CHECK(parse_url("https://a?q").value().target == "/?q");
  for (const char* wrong : {"", "ftp://a", "http://", "http://a:b", "http://a:123456", "http://[::1",
                            "http://user@a", "http://a b", "http://a/#x", "http://a\r\nX: y"})
    CHECK_FALSE(parse_url(wrong));
}

TEST_CASE("a value of a query is found by its whole name and decoded") {
  CHECK(query_value("expires=1&signature=0x12", "signature") == "0x12");
  CHECK(query_value("xexpires=1&expires=2", "expires") == "2");
  CHECK(query_value("a=%41%2f&b=%4", "a") == "A/");
  CHECK(query_value("a=%41&b=%4", "b").empty());
  CHECK(query_value("a&b=1", "a").empty());
}

TEST_CASE("addresses that lead into networks of one's own are not public") {
  for (const char* closed : {"127.0.0.1",        "10.1.2.3",        "172.16.0.1",    "172.31.255.255",
                             "192.168.1.1",      "169.254.169.254", "100.64.0.1",    "0.0.0.0",
                             "224.0.0.1",        "255.255.255.255", "::1",           "::",
                             "fe80::1",          "fc00::1",         "fd12::1",       "ff02::1",
                             "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
                             "not an address"})
    CHECK_MESSAGE(!is_public(closed), closed);
  for (const char* open : {"8.8.8.8", "172.32.0.1", "172.15.255.255", "192.167.255.255", "100.128.0.1",
                           "2606:4700::1", "::ffff:8.8.8.8", "2002:808:808::"})
    CHECK_MESSAGE(is_public(open), open);
}

// A server with a fresh certificate for 127.0.0.1.
class TlsServer {
 public:
  TlsServer() : server_(options()) {
    server_.add_route("GET", "/hello", [](const http::Request&) {
      return http::Response{200, "text/plain", "hello", {}};
    });
    server_.add_route("POST", "/echo", [](const http::Request& request) {
      return http::Response{503, "text/plain", std::string(request.body), {{"Retry-After", "7"}}};
    });
    REQUIRE(server_.start());
  }
  HttpRequest get(const std::string& host = "127.0.0.1") const {
    HttpRequest out;
    out.url = parse_url("https://" + host + ":" + std::to_string(server_.port()) + "/hello").value();
    return out;
  }
  ClientOptions trusting() const {
    ClientOptions out;
    out.ca_file = certificate();
    out.timeout = std::chrono::seconds(10);
    return out;
  }
  std::string certificate() const { return (folder_.path() / "crt").string(); }

 private:
  http::ServerOptions options() {
    const std::string key = (folder_.path() / "key").string();
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x "
        "-addext subjectAltName=IP:127.0.0.1 -keyout " +
        key + " -out " + certificate() + " 2>/dev/null";
    REQUIRE(std::system(command.c_str()) == 0);
    http::ServerOptions out;
    out.port = 0;
    out.tls_certificate_file = certificate();
    out.tls_key_file = key;
    return out;
  }
  test::TempFolder folder_;
  http::Server server_;
};

TEST_CASE_FIXTURE(TlsServer, "a trusted server answers over TLS, again over the same connection") {
  HttpClient client(trusting());
  for (int i = 0; i < 2; ++i) {
    const auto reply = client.send(get());
    REQUIRE_MESSAGE(reply, reply.error().message);
    CHECK(reply->status == 200);
    CHECK(reply->body == "hello");
  }
  HttpRequest post = get();
  post.method = "POST";
  post.url.target = "/echo";
  post.body = "body";
  const auto reply = client.send(post);
  REQUIRE(reply);
  CHECK(reply->status == 503);
  CHECK(reply->body == "body");
  CHECK(reply->retry_after == "7");
}

TEST_CASE_FIXTURE(TlsServer, "an unknown authority and another name are refused before anything is sent") {
  ClientOptions distrusting = trusting();
  distrusting.ca_file.clear();
  auto reply = HttpClient(distrusting).send(get());
  REQUIRE_FALSE(reply);
  CHECK_FALSE(reply.error().was_sent);
  CHECK(reply.error().message.find("certificate") != std::string::npos);
  reply = HttpClient(trusting()).send(get("localhost"));
  REQUIRE_FALSE(reply);
  CHECK_FALSE(reply.error().was_sent);
  CHECK(reply.error().message.find("certificate") != std::string::npos);
}

TEST_CASE_FIXTURE(TlsServer, "addresses that are not public can be ruled out") {
  ClientOptions options = trusting();
  options.public_addresses_only = true;
  const auto reply = HttpClient(options).send(get());
  REQUIRE_FALSE(reply);
  CHECK(reply.error().message == "127.0.0.1 is not a public address");
}

TEST_CASE("nobody there, no answer in time, too much of an answer") {
  HttpRequest request;
  request.url = parse_url("http://127.0.0.1:1/").value();
  auto reply = HttpClient().send(request);
  REQUIRE_FALSE(reply);
  CHECK_FALSE(reply.error().was_sent);

  http::ServerOptions options;
  options.port = 0;
  http::Server server(options);
  server.add_route("GET", "/big", [](const http::Request&) {
    return http::Response{200, "text/plain", std::string(1'000, 'x'), {}};
  });
  REQUIRE(server.start());
  request.url = parse_url("http://127.0.0.1:" + std::to_string(server.port()) + "/big").value();
  ClientOptions small;
  small.max_response_bytes = 999;
  reply = HttpClient(small).send(request);
  REQUIRE_FALSE(reply);
  CHECK(reply.error().was_sent);
  CHECK(reply.error().message == "the answer is too large");
  small.max_response_bytes = 1'000;
  CHECK(HttpClient(small).send(request));
}

}  // namespace
}  // namespace aitbc::web
