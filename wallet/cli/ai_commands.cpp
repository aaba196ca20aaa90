// ai-submit, ai-status, ai-results: paid work on the market, from the customer's side.
#include <filesystem>
#include <fstream>

#include "codec/hex.hpp"
#include "codec/utf8.hpp"
#include "crypto/keccak.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/commands.hpp"
#include "wallet/cli/job_client.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/option_values.hpp"
#include "wallet/cli/result_fetch.hpp"
#include "wallet/files.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

constexpr std::uintmax_t kMaxDigested_bytes = 256U << 20;

// Requirements that have options of their own, by the names that providers read.
struct Requirements {
  std::uint64_t gpus = 0;
  std::uint64_t memory_mb = 0;
  std::uint64_t batch_size = 0;
  std::string resolution;
  std::vector<std::string> more;  // "key=value"
};

struct SubmitJobOptions {
  std::string type;
  std::string prompt;
  std::string model;
  std::string dataset;
  std::string input_data;
  std::string payment;
  std::string service;
  std::string booking;
  double ttl_hours = 0;
  Requirements requirements;
  CallOptions call;
};

Outcome<std::string> requirements_text(const Requirements& wanted) {
  std::string out;
  const auto add = [&out](const std::string& pair) { out += (out.empty() ? "" : " ") + pair; };
  if (wanted.gpus != 0) add("gpus=" + std::to_string(wanted.gpus));
  if (wanted.memory_mb != 0) add("memory_mb=" + std::to_string(wanted.memory_mb));
  if (wanted.batch_size != 0) add("batch_size=" + std::to_string(wanted.batch_size));
  if (!wanted.resolution.empty()) add("resolution=" + wanted.resolution);
  for (const std::string& pair : wanted.more) {
    const std::size_t at = pair.find('=');
    if (at == 0 || at == std::string::npos || pair.find(' ') != std::string::npos)
      return failed(Exit::usage, "--require '" + pair + "' is not KEY=VALUE without spaces");
    add(pair);
  }
  return out;
}

// The digest of a file of this machine, so that the provider's copy can be told to be the same; zero for what
// is elsewhere.
Outcome<Hash> digest_of(const Context& context, const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return Hash{};
  if (std::filesystem::file_size(path, error) > kMaxDigested_bytes) {
    context.note("note: " + path + " is too large to digest here, so the job does not promise its content");
    return Hash{};
  }
  AITBC_ASSIGN(const std::string content,
               wallet::read_small_file(path, std::filesystem::file_size(path, error)));
  return keccak256(as_bytes(content));
}

Outcome<JsonObject> job_spec(const Context& context, const SubmitJobOptions& options) {
  const std::string& input = options.dataset.empty() ? options.input_data : options.dataset;
  if (!options.dataset.empty() && !options.input_data.empty())
    return failed(Exit::usage, "give --dataset or --input-data, not both");
  if (options.prompt.empty() && input.empty())
    return failed(Exit::usage, "a job needs --prompt, --dataset or --input-data");
  AITBC_ASSIGN(const std::string requirements, requirements_text(options.requirements));
  JsonObject out;
  out.text("type", options.type).text("prompt", options.prompt);
  AITBC_ASSIGN(const Hash digest, digest_of(context, input));
  out.text("inputDigest", hex::encode_prefixed(digest));
  return out.text("inputUri", input).text("model", options.model).text("requirements", requirements);
}

struct Target {
  std::uint64_t kind = 0;  // anyone, service, booking
  std::uint64_t id = 0;
};

Outcome<Target> target_of(const SubmitJobOptions& options) {
  if (!options.service.empty() && !options.booking.empty())
    return failed(Exit::usage, "give --service-id or --booking-id, not both");
  Target out;
  if (!options.service.empty()) {
    out.kind = 1;
    AITBC_ASSIGN(out.id, read_id(Kind::service, options.service));
  } else if (!options.booking.empty()) {
    out.kind = 2;
    AITBC_ASSIGN(out.id, read_id(Kind::booking, options.booking));
  }
  return out;
}

Outcome<void> submit_job(Context& context, const SubmitJobOptions& options) {
  AITBC_ASSIGN(const JsonObject spec, job_spec(context, options));
  AITBC_ASSIGN(const Target target, target_of(options));
  AITBC_ASSIGN(const Amount payment, ait_option(options.payment, "--payment"));
  std::uint64_t ttl = 0;
  if (options.ttl_hours != 0) {
    AITBC_ASSIGN(ttl, seconds_of_hours(options.ttl_hours, "--ttl-hours"));
  }
  JsonObject arguments;
  arguments.raw("spec", spec.str()).text("payment", to_units_string(payment));
  arguments.number("targetKind", target.kind).number("targetId", target.id).number("ttl", ttl);
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "submitJob", arguments.str(), options.call.submit));
  const Json event = event_of(submitted, "JobSubmitted");
  const bool is_for_anyone = target.kind == 0;
  report_call(
      context, "Job submitted: " + event["jobId"].text(),
      {{{"job_id", "Job"}, plain_cell(event["jobId"])},
       {{"type", "Type"}, plain_cell(event["jobType"])},
       {{"provider", "For"}, is_for_anyone ? Cell{"any provider", "null"} : plain_cell(event["provider"])},
       {{"payment", "In escrow"}, units_cell(event["payment"])},
       {{"expires_at", "Refunded unless done by"}, moment_cell(event["expiresAt"])}},
      submitted);
  return {};
}

void describe_submit(CLI::App& command, SubmitJobOptions& options) {
  command.add_option("--type", options.type, "inference, training, ...")->required();
  command.add_option("--prompt", options.prompt, "What to do, in words; it is public on the chain");
  command.add_option("--model", options.model, "Which model");
  command.add_option("--dataset", options.dataset,
                     "Path or URI of the input; its digest is recorded when it is a file here");
  command.add_option("--input-data", options.input_data, "The same, for inference");
  command.add_option("--payment", options.payment, "In AIT; in escrow until the job is done")->required();
  command.add_option("--service-id", options.service, "For the provider of this service (svc_3)");
  command.add_option("--booking-id", options.booking, "On the GPU of this booking (bk_7)");
  Requirements& wanted = options.requirements;
  command.add_option("--gpu-allocated", wanted.gpus, "GPUs that the job needs")->check(CLI::Range(1, 1024));
  command.add_option("--memory", wanted.memory_mb, "GPU memory that it needs, in MB")
      ->check(CLI::Range(1, 1 << 30));
  command.add_option("--batch-size", wanted.batch_size)->check(CLI::Range(1, 1 << 30));
  command.add_option("--resolution", wanted.resolution, "Such as 1024x1024");
  command.add_option("--require", wanted.more, "KEY=VALUE for the provider; may be repeated");
  command.add_option("--ttl-hours", options.ttl_hours,
                     "When to give up and be refunded (default: the chain's)");
  add_call_options(command, options.call);
}

struct JobOptions {
  std::string job;
  std::string output;
  FetchOptions fetch;
};

Outcome<void> show_status(Context& context, const JobOptions& options) {
  AITBC_ASSIGN(const Json job, find_job(context, options.job));
  context.output().record(describe_job(job));
  return {};
}

Outcome<void> write_result(const std::string& path, ByteView data) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
  file.close();
  if (!file) return failed(Exit::local, "cannot write " + path + "; the result is still on the chain");
  return {};
}

Outcome<void> show_results(Context& context, const JobOptions& options) {
  AITBC_ASSIGN(const Json job, find_job(context, options.job));
  const std::string state = job["state"].text();
  if (state != "completed") {
    const std::string why = state == "failed" ? ": " + printable(job["failure"].text()) : "";
    return failed(Exit::refused, job["id"].text() + " has no result: it is " + state + why);
  }
  const Json result = job["result"];
  Bytes data = hex::decode(result["inlineData"].text()).value_or(Bytes{});
  if (data.empty() && !options.fetch.wallet.empty()) {
    AITBC_ASSIGN(data, fetch_result(context, job, options.fetch));
  }
  const std::string text(data.begin(), data.end());
  const std::string digest = result["digest"].text();
  const bool is_checked = !data.empty() && hex::encode_prefixed(keccak256(data)) == digest;
  if (!options.output.empty()) {
    if (data.empty())
      return failed(Exit::refused, "the result is not on the chain but at " +
                                       printable(result["uri"].text()) +
                                       "; give --wallet, the job's customer, to fetch it");
    AITBC_TRY(write_result(options.output, data));
  }
  Record record{{{"job_id", "Job"}, plain_cell(job["id"])},
                {{"provider", "Provider"}, plain_cell(job["provider"])},
                {{"completed_at", "Completed"}, moment_cell(job["closedAt"])},
                {{"units", "Units of work"}, plain_cell(result["units"])},
                {{"digest", "Digest (Keccak-256)"}, text_cell(digest)},
                {{"digest_matches", "Digest is that of the data"}, boolean_cell(is_checked)},
                {{"uri", "Result at"}, plain_cell(result["uri"])}};
  if (!data.empty() && options.output.empty())
    record.push_back({{"result", "Result"},
                      is_utf8(text) ? Cell{text, json_text(text)} : text_cell(result["inlineData"].text())});
  if (!options.output.empty()) record.push_back({{"file", "Written to"}, text_cell(options.output)});
  context.output().record(record);
  return {};
}

}  // namespace

void add_ai_commands(CLI::App& root, Context& context) {
  add_command<SubmitJobOptions>(root, context, "ai-submit",
                                "Submit a job; its payment is in escrow until it is done", describe_submit,
                                submit_job);
  add_command<JobOptions>(
      root, context, "ai-status", "Show how far a job is",
      [](CLI::App& command, JobOptions& options) {
        command.add_option("--job-id", options.job, "Such as job_5")->required();
      },
      show_status);
  add_command<JobOptions>(
      root, context, "ai-results", "Show the result of a completed job",
      [](CLI::App& command, JobOptions& options) {
        command.add_option("--job-id", options.job, "Such as job_5")->required();
        command.add_option("--output", options.output, "Write the result to this file");
        command.add_option("--wallet", options.fetch.wallet,
                           "The job's customer: fetches a result that is at its provider");
        command.add_option("--ca-file", options.fetch.ca_file,
                           "Authorities behind the provider's certificate (default: the system's)");
      },
      show_results);
  add_job_metrics(root, context);
}

}  // namespace aitbc::cli
