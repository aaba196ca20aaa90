#include "wallet/web/http_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <optional>
#include <variant>

#include "wallet/web/public_address.hpp"

namespace aitbc::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;

std::string describe(error_code error) {
  if (error == asio::error::timed_out || error == beast::error::timeout) return "no answer in time";
  if (error == http::error::body_limit) return "the answer is too large";
  if (error == http::error::end_of_stream) return "the connection was closed without an answer";
  return error.message();
}

Result<asio::ssl::context> make_tls_context(const ClientOptions& options) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  error_code error;
  context.set_options(
      asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
      error);
  if (options.ca_file.empty())
    context.set_default_verify_paths(error);
  else
    context.load_verify_file(options.ca_file, error);
  if (error)
    return fail(ErrorCode::io, "cannot read the certificates of " +
                                   (options.ca_file.empty() ? "the system" : options.ca_file) + ": " +
                                   error.message());
  context.set_verify_mode(asio::ssl::verify_peer);
  return context;
}

http::request<http::string_body> to_beast(const HttpRequest& request) {
  http::request<http::string_body> out;
  out.version(11);
  out.method_string(request.method);
  out.target(request.url.target);
  out.set(http::field::host, request.url.authority);
  out.set(http::field::user_agent, "aitbc");
  for (const auto& [name, value] : request.fields) out.set(name, value);
  out.body() = request.body;
  if (!request.body.empty() || request.method == "POST") out.prepare_payload();
  return out;
}

}  // namespace

struct HttpClient::Impl {
  explicit Impl(ClientOptions client_options) : options(std::move(client_options)) {}

  struct Stopped {
    error_code error;
    bool was_sent = false;
    std::string what;  // instead of the error's own words
  };
  using Exchange = tl::expected<HttpReply, Stopped>;

  ClientOptions options;
  asio::io_context io;
  std::optional<asio::ssl::context> tls;
  std::variant<std::monostate, Plain, Tls> stream;
  std::string origin;  // of the stream
  Clock::time_point deadline;

  bool is_connected_to(const Url& url) const {
    return !std::holds_alternative<std::monostate>(stream) && origin == origin_of(url);
  }
  void close() { stream.emplace<std::monostate>(); }

  // Runs one operation to its end, or to the deadline.
  template <class Start, class Cancel>
  error_code await(Start start, Cancel cancel) {
    std::optional<error_code> result;
    start([&result](error_code error, auto&&...) { result = error; });
    io.restart();
    io.run_until(deadline);
    if (result) return *result;
    cancel();
    io.restart();
    io.run();
    return asio::error::timed_out;
  }
  template <class Stream, class Start>
  error_code await_on(Stream& connection, Start start) {
    return await(start, [&connection] { beast::get_lowest_layer(connection).close(); });
  }

  Stopped connect(const Url& url) {
    asio::ip::tcp::resolver resolver(io);
    asio::ip::tcp::resolver::results_type addresses;
    error_code error = await(
        [&](auto done) {
          resolver.async_resolve(url.host, url.port, [&addresses, done](error_code failure, auto found) {
            addresses = std::move(found);
            done(failure);
          });
        },
        [&resolver] { resolver.cancel(); });
    if (error) return {error, false, "cannot find " + url.host + ": " + describe(error)};
    std::vector<asio::ip::tcp::endpoint> allowed;
    for (const auto& entry : addresses)
      if (!options.public_addresses_only || is_public(entry.endpoint().address().to_string()))
        allowed.push_back(entry.endpoint());
    if (allowed.empty()) return {asio::error::access_denied, false, url.host + " is not a public address"};
    Plain plain(io);
    error = await_on(plain, [&](auto done) { plain.async_connect(allowed, done); });
    if (error) return {error, false, "cannot connect: " + describe(error)};
    plain.socket().set_option(asio::ip::tcp::no_delay(true), error);
    if (url.tls) return shake_hands(url, std::move(plain));
    stream.emplace<Plain>(std::move(plain));
    origin = origin_of(url);
    return {};
  }

  Stopped shake_hands(const Url& url, Plain plain) {
    if (!tls) {
      auto context = make_tls_context(options);
      if (!context) return {asio::error::no_permission, false, context.error().message};
      tls.emplace(*std::move(context));
    }
    Tls& secure = stream.emplace<Tls>(std::move(plain), *tls);
    SSL_set_tlsext_host_name(secure.native_handle(), url.host.c_str());
    secure.set_verify_callback(asio::ssl::host_name_verification(url.host));
    const error_code error =
        await_on(secure, [&](auto done) { secure.async_handshake(asio::ssl::stream_base::client, done); });
    if (!error) {
      origin = origin_of(url);
      return {};
    }
    const long verified = SSL_get_verify_result(secure.native_handle());
    std::string why = describe(error);
    if (verified != X509_V_OK)
      why = std::string("its certificate was refused: ") + X509_verify_cert_error_string(verified);
    close();
    return {error, false, why};
  }

  template <class Stream>
  Exchange exchange_on(Stream& connection, const HttpRequest& request) {
    auto message = to_beast(request);
    error_code error = await_on(connection, [&](auto done) { http::async_write(connection, message, done); });
    if (error) return tl::unexpected(Stopped{error, false, ""});
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(options.max_response_bytes);
    if (request.method == "HEAD") parser.skip(true);
    error = await_on(connection, [&](auto done) { http::async_read(connection, buffer, parser, done); });
    // A server that ends TLS without saying so has still sent a whole message when its length was given.
    if (error && !(error == asio::ssl::error::stream_truncated && parser.is_done()))
      return tl::unexpected(Stopped{error, true, ""});
    HttpReply reply;
    reply.status = parser.get().result_int();
    reply.retry_after = std::string(parser.get()[http::field::retry_after]);
    const bool keep = parser.get().keep_alive();
    reply.body = std::move(parser.get().body());
    if (!keep) close();
    return reply;
  }

  Exchange exchange(const HttpRequest& request) {
    if (!is_connected_to(request.url)) {
      close();
      Stopped stopped = connect(request.url);
      if (stopped.error) {
        close();
        return tl::unexpected(std::move(stopped));
      }
    }
    Exchange out = std::holds_alternative<Tls>(stream) ? exchange_on(std::get<Tls>(stream), request)
                                                       : exchange_on(std::get<Plain>(stream), request);
    if (!out) close();
    return out;
  }
};

HttpClient::HttpClient(ClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
HttpClient::~HttpClient() = default;

tl::expected<HttpReply, HttpFailure> HttpClient::send(const HttpRequest& request) {
  impl_->deadline = Clock::now() + impl_->options.timeout;
  const bool was_kept = impl_->is_connected_to(request.url);
  auto reply = impl_->exchange(request);
  if (!reply && was_kept && request.repeatable && reply.error().error != asio::error::timed_out)
    reply = impl_->exchange(request);
  if (reply) return *std::move(reply);
  const auto& stopped = reply.error();
  return tl::unexpected(
      HttpFailure{stopped.was_sent, stopped.what.empty() ? describe(stopped.error) : stopped.what});
}

}  // namespace aitbc::web
