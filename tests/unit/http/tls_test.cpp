// HTTPS and WSS. What the server does above TLS is tested without it.
#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "http/server.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/test_certificate.hpp"

using namespace aitbc;
using namespace aitbc::http;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

class Echo final : public WebSocketHandler {
 public:
  explicit Echo(std::shared_ptr<WebSocketPeer> peer) : peer_(std::move(peer)) {}
  std::string on_message(std::string_view text) override {
    peer_->send(std::make_shared<const std::string>("note"));
    return "echo " + std::string(text);
  }

 private:
  std::shared_ptr<WebSocketPeer> peer_;
};

// A server with an echo at POST /echo and at the WebSocket /.
struct TlsServer {
  explicit TlsServer(const std::function<void(ServerOptions&)>& change = [](ServerOptions&) {})
      : files(test::make_certificate(folder.path(), "server")), server(options(change)) {
    server.add_route("POST", "/echo", [](const Request& request) {
      return Response{.content_type = "text/plain", .body = std::string(request.body), .fields = {}};
    });
    server.set_websocket(
        "/", [](std::shared_ptr<WebSocketPeer> peer) { return std::make_unique<Echo>(std::move(peer)); });
    const auto started = server.start();
    REQUIRE_MESSAGE(started, (started ? "" : started.error().message));
  }
  ServerOptions options(const std::function<void(ServerOptions&)>& change) const {
    ServerOptions options;
    options.port = 0;
    options.threads = 2;
    options.linger_timeout = 500ms;
    options.tls_certificate_file = files.certificate;
    options.tls_key_file = files.key;
    change(options);
    return options;
  }

  test::TempFolder folder;
  test::CertificateFiles files;
  Server server;
};

// A client that trusts the server's certificate and nothing else.
struct TlsClient {
  explicit TlsClient(const TlsServer& server, int newest = TLS1_3_VERSION) {
    SSL_CTX_set_max_proto_version(context.native_handle(), newest);
    SSL_CTX_set_security_level(context.native_handle(), 0);  // or it would not offer what is outdated
    context.load_verify_file(server.files.certificate);
    context.set_verify_mode(asio::ssl::verify_peer);
    context.set_verify_callback(asio::ssl::host_name_verification("localhost"));
    stream.emplace(io, context);
    stream->next_layer().connect({asio::ip::address_v4::loopback(), server.server.port()}, error);
    if (!error) stream->handshake(asio::ssl::stream_base::client, error);
  }

  // The body, or the error's message.
  std::string post(const std::string& body) {
    beast::http::request<beast::http::string_body> request{beast::http::verb::post, "/echo", 11};
    request.set("Host", "localhost");
    request.body() = body;
    request.prepare_payload();
    beast::http::write(*stream, request, error);
    beast::http::response_parser<beast::http::string_body> response;
    response.body_limit(64U << 20);
    beast::http::read(*stream, buffer, response, error);
    status = error ? 0 : static_cast<int>(response.get().result_int());
    return error ? error.message() : response.get().body();
  }

  asio::io_context io;
  asio::ssl::context context{asio::ssl::context::tls_client};
  std::optional<beast::ssl_stream<asio::ip::tcp::socket>> stream;
  beast::flat_buffer buffer;
  boost::system::error_code error;
  int status = 0;
};

}  // namespace

TEST_CASE("HTTPS answers request after request on one connection, small and large") {
  TlsServer server;
  TlsClient client(server);
  REQUIRE_MESSAGE(!client.error, client.error.message());
  for (int i = 0; i < 20; ++i) CHECK(client.post("n" + std::to_string(i)) == "n" + std::to_string(i));
  const std::string large(8U << 20, 'z');
  CHECK(client.post(large) == large);
  CHECK(client.post("small") == "small");
  CHECK(server.server.stats().accepted == 1);
}

TEST_CASE("what is refused through TLS is told, and the connection ends properly") {
  TlsServer server([](ServerOptions& options) { options.max_body_bytes = 1000; });
  TlsClient client(server);
  CHECK(client.post(std::string(5000, 'x')).find("content length too large") != std::string::npos);
  CHECK(client.status == 413);
  char byte = 0;
  client.stream->read_some(asio::buffer(&byte, 1), client.error);
  CHECK(client.error == asio::error::eof);  // not "stream truncated": close_notify came first
}

TEST_CASE("WebSocket over TLS") {
  TlsServer server;
  TlsClient client(server);
  beast::websocket::stream<beast::ssl_stream<asio::ip::tcp::socket>> socket(std::move(*client.stream));
  socket.handshake("localhost", "/");
  for (int i = 0; i < 3; ++i) {
    socket.write(asio::buffer(std::string("hello")));
    for (const char* expected : {"echo hello", "note"}) {
      beast::flat_buffer buffer;
      socket.read(buffer);
      CHECK(beast::buffers_to_string(buffer.data()) == expected);
    }
  }
  CHECK(server.server.stats().websockets == 1);
  boost::system::error_code error;
  socket.close(beast::websocket::close_code::normal, error);
  CHECK_MESSAGE(!error, error.message());
}

TEST_CASE("protocols older than TLS 1.2 are refused") {
  TlsServer server;
  CHECK(TlsClient(server, TLS1_1_VERSION).error);
  CHECK_FALSE(TlsClient(server, TLS1_2_VERSION).error);
}

TEST_CASE("a client that speaks plain HTTP to an HTTPS port is told so") {
  TlsServer server;
  test::HttpClient client(server.server.port());
  const auto reply = client.post("/echo", "hello");
  REQUIRE(reply);
  CHECK(reply->status == 400);
  CHECK(reply->body == "{\"detail\":\"this port speaks https://\"}");
  CHECK(client.closed_within(30s));
}

TEST_CASE("a client that never completes the handshake is disconnected") {
  TlsServer server([](ServerOptions& options) { options.header_timeout = 100ms; });
  test::HttpClient silent(server.server.port());
  CHECK(silent.closed_within(30s));
}

TEST_CASE("connections beyond the limit are told so through TLS as well") {
  TlsServer server([](ServerOptions& options) { options.max_connections = 1; });
  TlsClient first(server);
  CHECK(first.post("in") == "in");
  TlsClient second(server);
  CHECK(second.post("out").find("too many connections") != std::string::npos);
  CHECK(second.status == 503);
}

TEST_CASE("the server does not start with TLS files that do not fit, and names the one at fault") {
  test::TempFolder folder;
  const auto one = test::make_certificate(folder.path(), "one");
  const auto other = test::make_certificate(folder.path(), "other");
  const auto refusal = [](const std::string& certificate, const std::string& key) {
    ServerOptions options;
    options.port = 0;
    options.tls_certificate_file = certificate;
    options.tls_key_file = key;
    const auto started = Server(options).start();
    return started ? std::string("started") : started.error().message;
  };
  CHECK(refusal(one.certificate, one.key) == "started");
  CHECK(refusal(one.certificate, "") == "TLS needs both a certificate and a key file");
  CHECK(refusal("/nowhere.crt", one.key).find("/nowhere.crt") != std::string::npos);
  CHECK(refusal(one.certificate, other.key).find("other.key") != std::string::npos);
  CHECK(refusal(one.key, one.key).find("one.key") != std::string::npos);
}
