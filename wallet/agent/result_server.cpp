#include "wallet/agent/result_server.hpp"

#include "codec/hex.hpp"
#include "http/server.hpp"
#include "marketplace/abi.hpp"
#include "wallet/agent/job_folder.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/cli/service_log.hpp"
#include "wallet/files.hpp"
#include "wallet/result_access.hpp"
#include "wallet/web/url.hpp"

namespace aitbc::agent {
namespace {

constexpr std::string_view kPrefix = "/results/job_";

ServedResult refuse(unsigned status, std::string_view detail) {
  return {status, cli::JsonObject().text("detail", detail).str(), ""};
}

std::optional<std::uint64_t> number(std::string_view text) {
  const auto value = Uint256::from_decimal(text);
  return value && value->fits_u64() ? std::optional(value->low_u64()) : std::nullopt;
}

// Who may have it is asked before whether there is anything to have.
std::optional<ServedResult> refusal(const wallet::ResultAccess& access, std::string_view signature,
                                    const Address& customer, std::uint64_t now) {
  if (signature.empty())
    return refuse(401,
                  "sign ResultAccess(jobId, expires) as the job's customer and add expires and signature");
  if (access.expires <= now) return refuse(401, "the signature has expired");
  if (access.expires - now > wallet::kMaxAccess_seconds)
    return refuse(401, "the signature may not be valid for more than a day");
  const auto signer = wallet::access_signer(access, signature);
  if (!signer) return refuse(401, "the signature is malformed");
  if (*signer != customer) return refuse(403, "only the job's customer may fetch its result");
  return std::nullopt;
}

}  // namespace

ServedResult serve_result(const std::filesystem::path& state_folder, std::uint64_t chain_id,
                          std::string_view path, std::string_view query, std::uint64_t now) {
  const auto job = path.starts_with(kPrefix) ? number(path.substr(kPrefix.size())) : std::nullopt;
  if (!job) return refuse(404, "results are at /results/job_N");
  const JobFolder folder = JobFolder::of(state_folder, *job);
  const auto ticket = folder.ticket();
  if (!ticket) return refuse(404, "there is no result of that job here");
  const wallet::ResultAccess access{chain_id, market::kContract, *job,
                                    number(web::query_value(query, "expires")).value_or(0)};
  if (auto refused = refusal(access, web::query_value(query, "signature"), ticket->customer, now))
    return *std::move(refused);
  const auto report = folder.report();
  if (!report || !report->succeeded) return refuse(404, "there is no result of that job here");
  auto content = wallet::read_small_file(folder.output(), report->output_bytes);
  if (!content) return refuse(404, "there is no result of that job here");
  return {200, *std::move(content), hex::encode_prefixed(report->digest)};
}

ResultListener::ResultListener(const AgentConfig& config, std::uint64_t chain_id) {
  http::ServerOptions options;
  options.address = config.results.address;
  options.port = config.results.port;
  options.tls_certificate_file = config.results.certificate;
  options.tls_key_file = config.results.key;
  options.threads = 2;
  options.max_body_bytes = 4'096;
  options.max_total_output_bytes = 2ULL << 30;
  options.allowed_hosts = {"*"};  // what is served takes a signature, whatever name it is asked for by
  server_ = std::make_unique<http::Server>(options);
  server_->add_route("GET", "/results/*",
                     [folder = config.state_folder, chain_id](const http::Request& request) {
                       const std::uint64_t now = cli::wall_clock_ms() / 1'000;
                       ServedResult served = serve_result(folder, chain_id, request.path, request.query, now);
                       http::Response response;
                       response.status = served.status;
                       response.body = std::move(served.body);
                       if (served.status != 200) return response;
                       response.content_type = "application/octet-stream";
                       response.fields = {{"X-AITBC-Digest", served.digest}, {"Cache-Control", "no-store"}};
                       return response;
                     });
}

ResultListener::~ResultListener() = default;

Result<void> ResultListener::start() { return server_->start(); }
std::uint16_t ResultListener::port() const { return server_->port(); }

}  // namespace aitbc::agent
