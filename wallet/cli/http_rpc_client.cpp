#include "wallet/cli/json.hpp"
#include "wallet/cli/rpc_client.hpp"
#include "wallet/web/http_client.hpp"

namespace aitbc::cli {
namespace {

constexpr std::size_t kMaxResponse_bytes = 256U << 20;

class HttpRpcClient final : public RpcClient {
 public:
  HttpRpcClient(std::string url, const web::Url& endpoint, std::chrono::milliseconds timeout)
      : url_(std::move(url)), client_({.timeout = timeout, .max_response_bytes = kMaxResponse_bytes}) {
    request_.method = "POST";
    request_.url = endpoint;
    request_.fields = {{"Content-Type", "application/json"}};
    request_.repeatable = true;  // queries, and transactions, which are sent once however often they arrive
  }

  tl::expected<std::string, RpcFailure> call(std::string_view method, std::string_view params) override {
    JsonObject request;
    request.text("jsonrpc", "2.0").number("id", ++last_id_).text("method", method).raw("params", params);
    request_.body = request.str();
    const auto reply = client_.send(request_);
    if (!reply) return unreachable(reply.error().message);
    auto answer = parse_rpc_response(reply->body);
    if (!answer && answer.error().kind == RpcFailure::Kind::unreachable)
      return unreachable(answer.error().message);
    return answer;
  }

 private:
  tl::unexpected<RpcFailure> unreachable(const std::string& why) const {
    return tl::unexpected(RpcFailure{
        RpcFailure::Kind::unreachable,
        0,
        "cannot reach a node at " + url_ + " (" + why + "): start one, or give its address with --rpc-url",
        {}});
  }

  std::string url_;
  web::HttpClient client_;
  web::HttpRequest request_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

Result<std::unique_ptr<RpcClient>> make_http_rpc_client(std::string_view url,
                                                        std::chrono::milliseconds timeout) {
  const auto endpoint = web::parse_url(url);
  if (!endpoint)
    return fail(ErrorCode::invalid_input,
                "'" + std::string(url) + "' is not an address of a node: " + endpoint.error().message);
  return std::make_unique<HttpRpcClient>(std::string(url), *endpoint, timeout);
}

}  // namespace aitbc::cli
