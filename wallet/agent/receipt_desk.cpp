#include "wallet/agent/receipt_desk.hpp"

#include <algorithm>

#include "codec/hex.hpp"
#include "marketplace/abi.hpp"
#include "wallet/files.hpp"
#include "wallet/web/url.hpp"

namespace aitbc::agent {
namespace {

using cli::Outcome;

constexpr std::uint64_t kFirstPause_ms = 2'000;  // between two looks for a job's attestations
constexpr std::uint64_t kLongestPause_ms = 300'000;
constexpr std::uint64_t kAway_ms = 60'000;
constexpr std::size_t kMaxAttestation_bytes = 16U << 10;
constexpr std::chrono::milliseconds kFetchTime{5'000};
constexpr std::string_view kPurpose = "claim ";

std::optional<std::uint64_t> job_of(const std::string& text) {
  const auto id = market::parse_id(market::Kind::job, text);
  return id ? std::optional(*id) : std::nullopt;
}

}  // namespace

ReceiptDesk::ReceiptDesk(AgentContext& context, cli::NodeClient& node, const PrivateKey& key)
    : context_(context),
      node_(node),
      key_(key),
      http_({.timeout = kFetchTime,
             .max_response_bytes = kMaxAttestation_bytes,
             .ca_file = context.config.receipts.ca_file}) {}

bool ReceiptDesk::is_on() const {
  return !context_.config.receipts.folder.empty() || !context_.config.receipts.urls.empty();
}

Outcome<void> ReceiptDesk::resume() {
  if (!is_on()) return {};
  AITBC_ASSIGN(const std::vector<JobFolder> folders, JobFolder::all(context_.config.state_folder));
  for (const JobFolder& each : folders) {
    const auto closing = each.closing();
    if (!closing || closing->state != "completed" || each.is_claimed()) continue;
    AITBC_ASSIGN(const JobTicket ticket, each.ticket());
    waiting_.try_emplace(ticket.id);
  }
  return {};
}

Outcome<void> ReceiptDesk::tick() {
  const std::uint64_t now = context_.now_ms();
  const auto due = std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& each) {
    return each.second.next_try_ms <= now &&
           !context_.sender.is_on_its_way(std::string(kPurpose) + id_text("job", each.first));
  });
  if (due == waiting_.end()) return {};
  Waiting& entry = due->second;
  entry.pause_ms = std::clamp(entry.pause_ms * 2, kFirstPause_ms, kLongestPause_ms);
  entry.next_try_ms = now + entry.pause_ms;
  return try_to_claim(due->first, entry);
}

// The chain may know more than this machine: the receipt may be claimed, by whomever it was sent.
Outcome<void> ReceiptDesk::try_to_claim(std::uint64_t job, Waiting& entry) {
  const std::string id = id_text("job", job);
  AITBC_ASSIGN(const cli::Json document, node_.call("market_getJob", cli::JsonObject().text("id", id).str()));
  AITBC_ASSIGN(const cli::ComputeReceipt receipt, cli::receipt_of(document, context_.rules.chain_id));
  if (receipt.is_claimed) return mark_claimed(job);
  AITBC_ASSIGN(const std::vector<Address> known, cli::coordinators(node_));
  collect(receipt, entry.attestations);
  std::erase_if(entry.attestations, [&known](const auto& each) {
    return std::find(known.begin(), known.end(), each.first) == known.end();
  });
  if (entry.attestations.size() < cli::quorum_of(known.size())) return {};
  AITBC_ASSIGN(const bool sent, context_.send(std::string(kPurpose) + id, "claimReceipt",
                                              cli::claim_arguments(receipt, key_, entry.attestations)));
  if (sent) context_.log.info("claiming a receipt", {{"job", id}});
  return {};
}

void ReceiptDesk::collect(const cli::ComputeReceipt& receipt, cli::Attestations& to) {
  const std::string name = cli::attestation_name(receipt.job);
  const auto add = [&](const std::string& where, const std::string& text) {
    if (const auto added = cli::add_attestation(to, receipt, text); !added)
      context_.log.warning("left an attestation", {{"from", where}, {"reason", added.error().message}});
  };
  if (const auto& folder = context_.config.receipts.folder; !folder.empty()) {
    // One folder of a coordinator each, or the files themselves.
    std::vector<std::filesystem::path> files{folder / name};
    std::error_code ignored;
    for (const auto& each : std::filesystem::directory_iterator(folder, ignored))
      if (each.is_directory(ignored)) files.push_back(each.path() / name);
    for (const std::filesystem::path& file : files)
      if (const auto text = wallet::read_small_file(file, kMaxAttestation_bytes)) add(file.string(), *text);
  }
  for (const std::string& url : context_.config.receipts.urls) {
    std::uint64_t& away_until_ms = away_until_ms_[url];
    if (context_.now_ms() < away_until_ms) continue;
    web::HttpRequest request;
    request.url = *web::parse_url(url + "/" + name);
    request.repeatable = true;
    const auto reply = http_.send(request);
    if (!reply) {
      away_until_ms = context_.now_ms() + kAway_ms;
      context_.log.warning("a coordinator is away", {{"url", url}, {"reason", reply.error().message}});
    }
    if (reply && reply->status == 200) add(url, reply->body);
  }
}

Outcome<void> ReceiptDesk::mark_claimed(std::uint64_t job) {
  AITBC_TRY(JobFolder::of(context_.config.state_folder, job).mark_claimed());
  waiting_.erase(job);
  return {};
}

Outcome<void> ReceiptDesk::on_sent(const Sent& sent) {
  if (!is_on() || !sent.receipt.succeeded) return {};
  const cli::Json closed = sent.event("JobClosed");
  if (closed["state"].text() == "completed")
    if (const auto job = job_of(closed["jobId"].text())) waiting_.try_emplace(*job);
  if (!sent.purpose.starts_with(kPurpose)) return {};
  const auto job = job_of(sent.purpose.substr(kPurpose.size()));
  if (!job) return {};
  ++claimed_;
  context_.log.info("claimed a receipt", {{"job", id_text("job", *job)},
                                          {"minted", sent.event("ReceiptClaimed")["minted"].text()}});
  return mark_claimed(*job);
}

}  // namespace aitbc::agent
