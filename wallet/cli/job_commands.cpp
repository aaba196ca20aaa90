// jobs list|details|cancel for customers, start|complete|claim|fail for providers that run jobs by hand.
#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/compute_receipt.hpp"
#include "wallet/cli/job_client.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/files.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

constexpr std::size_t kMaxInline_bytes = 4'096;
constexpr std::size_t kMaxAttestation_bytes = 16U << 10;

struct ListJobsOptions {
  std::string customer;
  std::string provider;
  std::string type;
  std::string status;
  ListOptions list;
};

std::vector<Cell> job_row(const Json& job) {
  return {plain_cell(job["id"]),
          plain_cell(job["type"]),
          plain_cell(job["state"]),
          units_cell(job["payment"]),
          moment_cell(job["createdAt"]),
          plain_cell(job["customer"]),
          job["provider"].text() == hex::checksummed(Address{}) ? Cell{"-", "null"}
                                                                : plain_cell(job["provider"])};
}

Outcome<void> list_jobs(Context& context, const ListJobsOptions& options) {
  JsonObject filters;
  AITBC_TRY(filter_by_account(context, filters, "customer", options.customer));
  AITBC_TRY(filter_by_account(context, filters, "provider", options.provider));
  if (!options.type.empty()) filters.text("type", options.type);
  if (!options.status.empty()) filters.text("state", options.status);
  return print_list(context, "market_listJobs", filters, options.list,
                    {{{"job_id", "JOB"},
                      {"type", "TYPE"},
                      {"status", "STATUS"},
                      {"payment", "PAYMENT"},
                      {"created_at", "SUBMITTED"},
                      {"customer", "CUSTOMER"},
                      {"provider", "PROVIDER"}},
                     {},
                     "no jobs",
                     true},
                    job_row);
}

struct JobCallOptions {
  std::string job;
  std::string reason;
  std::string result_file;
  std::string result_uri;
  std::uint64_t units = 1;
  std::vector<std::string> attestations;  // files
  CallOptions call;
};

Outcome<void> show_job(Context& context, const JobCallOptions& options) {
  AITBC_ASSIGN(const Json job, find_job(context, options.job));
  context.output().record(describe_job(job));
  return {};
}

// Sends a call about a job and reports what its event says.
Outcome<void> call_job(Context& context, const JobCallOptions& options, const char* call,
                       JsonObject arguments, const char* event_name, const char* verb) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::job, options.job));
  arguments.number("jobId", id);
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, call, arguments.str(), options.call.submit));
  const Json event = event_of(submitted, event_name);
  Record record{{{"job_id", "Job"}, text_cell(market::id_text(Kind::job, id))},
                {{"customer", "Customer"}, plain_cell(event["customer"])}};
  if (!event["refund"].is_null()) {
    record.push_back({{"paid", "Paid to the provider"}, units_cell(event["paid"])});
    record.push_back({{"market_fee", "Market fee"}, units_cell(event["fee"])});
    record.push_back({{"refund", "Refund"}, units_cell(event["refund"])});
  }
  report_call(context, std::string("Job ") + verb + ": " + market::id_text(Kind::job, id), record, submitted);
  return {};
}

Outcome<void> cancel_job(Context& context, const JobCallOptions& options) {
  return call_job(context, options, "cancelJob", {}, "JobClosed", "cancelled");
}

Outcome<void> start_job(Context& context, const JobCallOptions& options) {
  return call_job(context, options, "startJob", {}, "JobStarted", "started");
}

Outcome<void> fail_job(Context& context, const JobCallOptions& options) {
  return call_job(context, options, "failJob", JsonObject().text("reason", options.reason), "JobClosed",
                  "failed");
}

// A small result goes onto the chain, a large one stays where the URI says.
Outcome<void> complete_job(Context& context, const JobCallOptions& options) {
  AITBC_ASSIGN(const std::string data, wallet::read_small_file(options.result_file, std::size_t{1} << 30));
  const bool fits = data.size() <= kMaxInline_bytes;
  if (!fits && options.result_uri.empty())
    return failed(Exit::usage, "a result of more than 4096 bytes needs --result-uri, where customers get it");
  JsonObject result;
  result.text("digest", hex::encode_prefixed(keccak256(as_bytes(data)))).text("uri", options.result_uri);
  result.text("inlineData", fits ? hex::encode_prefixed(as_bytes(data)) : "0x")
      .number("units", options.units);
  return call_job(context, options, "completeJob", JsonObject().raw("result", result.str()), "JobClosed",
                  "completed");
}

Outcome<void> claim_receipt(Context& context, const JobCallOptions& options) {
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const std::uint64_t chain_id, node->chain_id());
  AITBC_ASSIGN(const Json job, find_job(context, options.job));
  AITBC_ASSIGN(const ComputeReceipt receipt, receipt_of(job, chain_id));
  Attestations attestations;
  for (const std::string& file : options.attestations) {
    AITBC_ASSIGN(const std::string text, wallet::read_small_file(file, kMaxAttestation_bytes));
    if (const auto added = add_attestation(attestations, receipt, text); !added)
      return failed(Exit::usage, file + " is " + added.error().message);
  }
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, options.call.wallet));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, key, "claimReceipt", claim_arguments(receipt, key, attestations),
                           options.call.submit));
  const Json event = event_of(submitted, "ReceiptClaimed");
  report_call(context, "Receipt claimed: " + options.job,
              {{{"job_id", "Job"}, text_cell(market::id_text(Kind::job, receipt.job))},
               {{"units", "Units of work"}, plain_cell(event["units"])},
               {{"minted", "Minted"}, units_cell(event["minted"])},
               {{"to_coordinators", "Of it to coordinators"}, units_cell(event["toCoordinators"])}},
              submitted);
  return {};
}

void describe_call(CLI::App& command, JobCallOptions& options) {
  command.add_option("job", options.job, "Such as job_5")->required();
  add_call_options(command, options.call);
}

void describe_list(CLI::App& command, ListJobsOptions& options) {
  command.add_option("--wallet,--customer", options.customer, "Only of this customer (wallet or address)");
  command.add_option("--provider", options.provider, "Only of this provider (wallet or address)");
  command.add_option("--type", options.type, "Only of this type");
  command.add_option("--status", options.status)
      ->check(CLI::IsMember({"queued", "running", "completed", "failed", "canceled", "expired"}));
  add_list_options(command, options.list);
}

}  // namespace

Outcome<Json> find_job(Context& context, const std::string& text) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::job, text));
  return market_query(context, "market_getJob", JsonObject().text("id", market::id_text(Kind::job, id)));
}

Record describe_job(const Json& job) {
  const bool is_taken = job["provider"].text() != hex::checksummed(Address{});
  Record out{
      {{"job_id", "Job"}, plain_cell(job["id"])},
      {{"status", "Status"}, plain_cell(job["state"])},
      {{"type", "Type"}, plain_cell(job["type"])},
      {{"model", "Model"}, plain_cell(job["model"])},
      {{"prompt", "Prompt"}, plain_cell(job["prompt"])},
      {{"input_uri", "Input"}, plain_cell(job["inputUri"])},
      {{"requirements", "Requirements"}, plain_cell(job["requirements"])},
      {{"customer", "Customer"}, plain_cell(job["customer"])},
      {{"provider", "Provider"}, is_taken ? plain_cell(job["provider"]) : Cell{"nobody yet", "null"}},
      {{"payment", "Payment"}, units_cell(job["payment"])},
      {{"created_at", "Submitted"}, moment_cell(job["createdAt"])},
      {{"started_at", "Started"}, moment_cell(job["startedAt"])},
      {{"closed_at", "Ended"}, moment_cell(job["closedAt"])},
      {{"expires_at", "Refunded unless done by"}, moment_cell(job["expiresAt"])},
  };
  if (const std::string failure = job["failure"].text(); !failure.empty())
    out.push_back({{"failure", "Failure"}, text_cell(failure)});
  return out;
}

void add_job_group(CLI::App& root, Context& context) {
  CLI::App* jobs = add_group(root, "jobs", "Paid jobs on the market");
  add_command<ListJobsOptions>(*jobs, context, "list", "List jobs", describe_list, list_jobs);
  add_command<JobCallOptions>(
      *jobs, context, "details", "Show a job",
      [](CLI::App& command, JobCallOptions& options) {
        command.add_option("job", options.job, "Such as job_5")->required();
      },
      show_job);
  add_command<JobCallOptions>(*jobs, context, "cancel", "Take back a job that nobody has begun",
                              describe_call, cancel_job);
  add_command<JobCallOptions>(*jobs, context, "start", "As a provider: begin a queued job", describe_call,
                              start_job);
  add_command<JobCallOptions>(
      *jobs, context, "complete", "As a provider: deliver the result and be paid",
      [](CLI::App& command, JobCallOptions& options) {
        describe_call(command, options);
        command
            .add_option("--result-file", options.result_file,
                        "The result; up to 4096 bytes go onto the chain")
            ->required();
        command.add_option("--result-uri", options.result_uri, "Where customers get a larger one");
        command.add_option("--units", options.units, "Of work done")->capture_default_str();
      },
      complete_job);
  add_command<JobCallOptions>(
      *jobs, context, "claim", "As a provider: have minted what a completed job's attested work is worth",
      [](CLI::App& command, JobCallOptions& options) {
        describe_call(command, options);
        command.add_option("--attestation", options.attestations, "File of a coordinator; may be repeated")
            ->required();
      },
      claim_receipt);
  add_command<JobCallOptions>(
      *jobs, context, "fail", "As a provider: give up; the customer is refunded",
      [](CLI::App& command, JobCallOptions& options) {
        describe_call(command, options);
        command.add_option("--reason", options.reason, "For the customer")->required();
      },
      fail_job);
}

}  // namespace aitbc::cli
