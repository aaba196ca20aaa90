#include "wallet/cli/result_fetch.hpp"

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "marketplace/abi.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/cli/service_log.hpp"
#include "wallet/result_access.hpp"
#include "wallet/web/http_client.hpp"

namespace aitbc::cli {
namespace {

constexpr std::uint64_t kAccess_seconds = 600;
constexpr std::size_t kMaxResult_bytes = 1U << 30;

Outcome<std::string> get(const web::Url& url, const FetchOptions& options) {
  web::HttpRequest request;
  request.url = url;
  web::ClientOptions client;
  client.timeout = std::chrono::minutes(10);
  client.max_response_bytes = kMaxResult_bytes;
  client.ca_file = options.ca_file;
  auto reply = web::HttpClient(client).send(request);
  const std::string where = "the provider's server at " + web::origin_of(url);
  if (!reply) return failed(Exit::unreachable, where + " cannot be reached: " + reply.error().message);
  if (reply->status == 200) return std::move(reply->body);
  const Json refusal = Json::parse(reply->body).value_or(Json());
  const std::string why = printable(refusal["detail"].text());
  return failed(Exit::refused,
                where + " answered " + std::to_string(reply->status) + (why.empty() ? "" : ": " + why));
}

}  // namespace

Outcome<Bytes> fetch_result(Context& context, const Json& job, const FetchOptions& options) {
  const std::string uri = job["result"]["uri"].text();
  auto url = web::parse_url(uri);
  if (!url)
    return failed(Exit::refused, "'" + printable(uri) + "' cannot be fetched: " + url.error().message);
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const std::uint64_t chain_id, node->chain_id());
  AITBC_ASSIGN(const std::uint64_t id, read_id(market::Kind::job, job["id"].text()));
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, options.wallet));
  const std::uint64_t expires = wall_clock_ms() / 1'000 + kAccess_seconds;
  url->target += (url->target.find('?') == std::string::npos ? "?" : "&") +
                 wallet::sign_access({chain_id, market::kContract, id, expires}, key);
  AITBC_ASSIGN(const std::string body, get(*url, options));
  if (hex::encode_prefixed(keccak256(as_bytes(body))) != job["result"]["digest"].text())
    return failed(Exit::refused,
                  "what the provider's server gave is not the result that is on the chain: "
                  "its digest differs; a dispute can be opened");
  return to_bytes(as_bytes(body));
}

}  // namespace aitbc::cli
