#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "wallet/cli/json.hpp"
#include "wallet/cli/rpc_client.hpp"

namespace aitbc::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::size_t kMaxResponse_bytes = 256U << 20;

struct Endpoint {
  std::string host;
  std::string port;
  std::string path;
  std::string authority;  // for the Host header
};

Result<Endpoint> parse_url(std::string_view url) {
  const auto refuse = [url](const std::string& why) {
    return fail(ErrorCode::invalid_input, "'" + std::string(url) + "' is not an address of a node: " + why);
  };
  std::string_view rest = url;
  if (rest.starts_with("https://")) return refuse("https is not supported, use http");
  if (!rest.starts_with("http://")) return refuse("it must start with http://");
  rest.remove_prefix(7);
  Endpoint out;
  const std::size_t path_at = std::min(rest.find('/'), rest.size());
  out.path = path_at == rest.size() ? "/" : std::string(rest.substr(path_at));
  out.authority = rest.substr(0, path_at);
  std::string_view authority = out.authority;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return refuse("the address lacks its ]");
    out.host = authority.substr(1, close - 1);
    authority.remove_prefix(close + 1);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    out.host = authority.substr(0, colon);
    authority.remove_prefix(colon);
  }
  out.port = authority.starts_with(':') ? std::string(authority.substr(1)) : "80";
  const bool digits = out.port.find_first_not_of("0123456789") == std::string::npos;
  if (out.host.empty() || out.port.empty() || !digits || (!authority.empty() && !authority.starts_with(':')))
    return refuse("it must be http://HOST:PORT");
  return out;
}

class HttpRpcClient final : public RpcClient {
 public:
  HttpRpcClient(std::string url, Endpoint endpoint, std::chrono::milliseconds timeout)
      : url_(std::move(url)), endpoint_(std::move(endpoint)), timeout_(timeout) {}

  tl::expected<std::string, RpcFailure> call(std::string_view method, std::string_view params) override {
    JsonObject request;
    request.text("jsonrpc", "2.0").number("id", ++last_id_).text("method", method).raw("params", params);
    // A connection kept from the last call may have been closed by the node meanwhile: then try a fresh one.
    const bool was_kept = stream_.has_value();
    error_code error = exchange(request.str());
    if (error && was_kept && error != beast::error::timeout) error = exchange(request.str());
    if (error) return unreachable(describe(error));
    auto answer = parse_rpc_response(response_.body());
    if (!answer && answer.error().kind == RpcFailure::Kind::unreachable)
      return unreachable(answer.error().message);
    return answer;
  }

 private:
  error_code exchange(const std::string& body) {
    error_code error = stream_ ? error_code{} : connect();
    if (!error) error = send(body);
    if (!error) error = receive();
    if (error || !response_.keep_alive()) stream_.reset();
    return error;
  }

  // Runs one operation to its end; tcp_stream's timer bounds it.
  template <class Start>
  error_code await(Start start) {
    error_code result;
    stream_->expires_after(timeout_);
    start([&result](error_code error, auto&&...) { result = error; });
    context_.restart();
    context_.run();
    return result;
  }

  error_code connect() {
    error_code error;
    asio::ip::tcp::resolver resolver(context_);
    const auto addresses = resolver.resolve(endpoint_.host, endpoint_.port, error);
    if (error) return error;
    stream_.emplace(context_);
    error = await([&](auto done) { stream_->async_connect(addresses, done); });
    if (!error) stream_->socket().set_option(asio::ip::tcp::no_delay(true), error);
    return error;
  }

  error_code send(const std::string& body) {
    http::request<http::string_body> request(http::verb::post, endpoint_.path, 11);
    request.set(http::field::host, endpoint_.authority);
    request.set(http::field::content_type, "application/json");
    request.set(http::field::user_agent, "aitbc");
    request.body() = body;
    request.prepare_payload();
    return await([&](auto done) { http::async_write(*stream_, request, done); });
  }

  error_code receive() {
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(kMaxResponse_bytes);
    const error_code error = await([&](auto done) { http::async_read(*stream_, buffer, parser, done); });
    if (!error) response_ = parser.release();
    return error;
  }

  static std::string describe(error_code error) {
    return error == beast::error::timeout ? "no answer in time" : error.message();
  }

  tl::unexpected<RpcFailure> unreachable(const std::string& why) const {
    return tl::unexpected(RpcFailure{
        RpcFailure::Kind::unreachable,
        0,
        "cannot reach a node at " + url_ + " (" + why + "): start one, or give its address with --rpc-url",
        {}});
  }

  std::string url_;
  Endpoint endpoint_;
  std::chrono::milliseconds timeout_;
  asio::io_context context_;
  std::optional<beast::tcp_stream> stream_;
  http::response<http::string_body> response_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

Result<std::unique_ptr<RpcClient>> make_http_rpc_client(std::string_view url,
                                                        std::chrono::milliseconds timeout) {
  AITBC_ASSIGN(Endpoint endpoint, parse_url(url));
  return std::make_unique<HttpRpcClient>(std::string(url), std::move(endpoint), timeout);
}

}  // namespace aitbc::cli
