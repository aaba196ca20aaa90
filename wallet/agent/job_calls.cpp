#include "wallet/agent/job_calls.hpp"

#include <algorithm>

#include "codec/hex.hpp"
#include "codec/utf8.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/files.hpp"

namespace aitbc::agent {
namespace {

using cli::JsonObject;

constexpr std::uint64_t kPostingTime_ms = 15'000;  // kept between the end of a run and the job's expiry
constexpr std::size_t kMaxReason_bytes = 256;      // the chain's limit

std::string result_uri(const ResultServer& results, std::uint64_t job) {
  return results.public_url.empty() ? "" : results.public_url + "/results/job_" + std::to_string(job);
}

bool is_web_address(const std::string& uri) {
  return uri.starts_with("https://") || uri.starts_with("http://");
}

}  // namespace

RunOrder make_order(const JobCommand& job, const JobFolder& folder, const JobTicket& ticket,
                    std::uint64_t now_ms) {
  RunOrder out;
  RunRequest& request = out.request;
  request.command = job.command;
  const std::string home = std::filesystem::absolute(folder.work()).string();
  request.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                         {"HOME", home},
                         {"TMPDIR", home},
                         {"LANG", "C.UTF-8"},
                         {"AITBC_JOB_ID", "job_" + std::to_string(ticket.id)},
                         {"AITBC_JOB_TYPE", ticket.type},
                         {"AITBC_JOB_MODEL", ticket.model},
                         {"AITBC_JOB_REQUIREMENTS", ticket.requirements},
                         {"AITBC_JOB_INPUT_URI", ticket.input_uri},
                         {"AITBC_JOB_CUSTOMER", hex::checksummed(ticket.customer)}};
  for (const auto& variable : job.environment) {
    std::erase_if(request.environment, [&](const auto& each) { return each.first == variable.first; });
    request.environment.emplace_back(variable.first, variable.second);
  }
  request.limits = job.limits;
  // What is no web address names something that the command knows how to find.
  if (ticket.prompt.empty() && is_web_address(ticket.input_uri)) out.input_uri = ticket.input_uri;
  out.input_digest = ticket.input_digest;
  out.max_input_bytes = job.max_input_bytes;
  out.allow_private_addresses = job.allow_private_inputs;
  out.ca_file = job.ca_file;
  const std::uint64_t expires_ms = ticket.expires_at * 1'000;
  const std::uint64_t latest = expires_ms - std::min(expires_ms, kPostingTime_ms);
  out.deadline_ms = std::min(latest, now_ms + static_cast<std::uint64_t>(job.limits.time.count()));
  return out;
}

void confine_to(RunOrder& order, const std::string& device_id, bool is_detected) {
  order.request.environment.emplace_back("AITBC_GPU", device_id);
  if (is_detected) order.request.environment.emplace_back("CUDA_VISIBLE_DEVICES", device_id);
}

std::string job_argument(std::uint64_t job) { return JsonObject().number("jobId", job).str(); }

std::string fail_arguments(std::uint64_t job, const std::string& reason) {
  std::string text = is_utf8(reason) ? reason : "failed";
  if (text.size() > kMaxReason_bytes) text.resize(kMaxReason_bytes);
  while (!is_utf8(text)) text.pop_back();  // not in the middle of a character
  return JsonObject().number("jobId", job).text("reason", text).str();
}

Result<Posting> posting_of(const ResultServer& results, const JobFolder& folder, std::uint64_t job) {
  AITBC_ASSIGN(const RunReport report, folder.report());
  if (!report.succeeded) return Posting{"failJob", fail_arguments(job, report.reason)};
  const bool fits = report.output_bytes <= kMaxInline_bytes;
  if (!fits && results.public_url.empty())
    return Posting{"failJob", fail_arguments(job,
                                             "the result is larger than 4096 bytes and this provider "
                                             "serves no files")};
  std::string content;
  if (fits) {
    AITBC_ASSIGN(content, wallet::read_small_file(folder.output(), kMaxInline_bytes));
  }
  JsonObject result;
  result.text("digest", hex::encode_prefixed(report.digest));
  result.text("uri", fits ? "" : result_uri(results, job));
  result.text("inlineData", hex::encode_prefixed(as_bytes(content)));
  // The unit of work is a second of the command's run, begun ones counted whole.
  result.number("units", std::max<std::uint64_t>(1, (report.took_ms + 999) / 1'000));
  return Posting{"completeJob", JsonObject().number("jobId", job).raw("result", result.str()).str()};
}

Result<std::string> delivery_arguments(const ResultServer& results, const JobFolder& folder,
                                       std::uint64_t service, std::uint64_t job) {
  AITBC_ASSIGN(const RunReport report, folder.report());
  JsonObject out;
  out.number("serviceId", service).text("resultDigest", hex::encode_prefixed(report.digest));
  return out.text("resultUri", result_uri(results, job)).str();
}

}  // namespace aitbc::agent
