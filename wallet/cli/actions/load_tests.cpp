// stress-test, throughput-test, ai-throughput-test: load that is real, from a wallet that pays its fees.
#include <cmath>

#include "codec/hex.hpp"
#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/actions/load_run.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/option_values.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/cli/transaction_view.hpp"

namespace aitbc::cli {
namespace {

constexpr std::uint64_t kJobLifetime_s = 600;

struct LoadOptions {
  std::uint64_t transactions = 0;
  std::size_t concurrent = 50;
  double duration_s = 0;
  double per_second = 0;
  double jobs_per_minute = 0;
  std::string payment = "0.001";
  std::string wallet;
};

Outcome<CallRequest> market_request(std::string_view name, const JsonObject& arguments) {
  CallRequest out;
  out.to = market::kContract;
  AITBC_ASSIGN(out.data, market::encode_call(name, arguments.str()));
  return out;
}

// A transaction that changes a record and nothing of worth: the account's particulars as a provider, as they
// are.
Outcome<CallRequest> harmless_call(Context& context, const Address& account, const std::string& wallet) {
  const auto provider = market_query(context, "market_getProvider",
                                     JsonObject().text("account", hex::encode_prefixed(account)));
  JsonObject arguments;
  arguments.text("name", provider ? (*provider)["name"].text() : wallet);
  arguments.text("region", provider ? (*provider)["region"].text() : "");
  arguments.text("endpoint", provider ? (*provider)["endpoint"].text() : "");
  if (!provider) {
    AITBC_ASSIGN(const PrivateKey key, open_wallet(context, wallet));
    AITBC_TRY(market_call(context, key, "registerProvider", arguments.str(), {}));
  }
  return market_request("updateProvider", arguments);
}

Outcome<void> run_updates(Context& context, const LoadOptions& options, LoadPlan plan,
                          const std::string& what) {
  AITBC_ASSIGN(const std::string wallet, spending_wallet(context, options.wallet));
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, wallet));
  AITBC_ASSIGN(const CallRequest call, harmless_call(context, key.address(), wallet));
  plan.call = [call](std::uint64_t) -> Outcome<CallRequest> { return call; };
  AITBC_ASSIGN(const LoadReport report, run_load(context, key, plan, what));
  context.output().record(describe(report));
  return {};
}

Outcome<void> stress_test(Context& context, const LoadOptions& options) {
  LoadPlan plan;
  plan.count = options.transactions;
  plan.most_in_flight = options.concurrent;
  return run_updates(context, options, plan, "stress test");
}

// Unlimited in flight: what the chain does not keep up with shows as latency.
Outcome<void> throughput_test(Context& context, const LoadOptions& options) {
  LoadPlan plan;
  plan.count = static_cast<std::uint64_t>(std::max(1.0, std::floor(options.duration_s * options.per_second)));
  plan.per_second = options.per_second;
  plan.most_in_flight = plan.count;
  return run_updates(context, options, plan, "throughput test");
}

// The id of the job that a receipt is about.
std::string job_of(const Json& receipt) {
  for (const Json& document : receipt["logs"].elements()) {
    const auto log = read_log(document);
    const auto event =
        log ? market::decode_log(*log) : Result<market::Decoded>(fail(ErrorCode::not_found, ""));
    if (!event || event->name != "JobSubmitted") continue;
    return Json::parse(event->arguments_json).value_or(Json())["jobId"].text();
  }
  return "";
}

// What providers made of the jobs meanwhile; those that nobody began are taken back.
Outcome<Record> finish_jobs(Context& context, const PrivateKey& key, const LoadReport& report) {
  std::uint64_t completed = 0;
  std::uint64_t running = 0;
  std::vector<std::uint64_t> queued;
  for (const Json& receipt : report.receipts) {
    const std::string id = job_of(receipt);
    if (id.empty()) continue;  // reverted
    AITBC_ASSIGN(const Json job, market_query(context, "market_getJob", JsonObject().text("id", id)));
    const std::string state = job["state"].text();
    completed += state == "completed" ? 1 : 0;
    running += state == "running" ? 1 : 0;
    if (state != "queued") continue;
    AITBC_ASSIGN(const std::uint64_t number, read_id(market::Kind::job, id));
    queued.push_back(number);
  }
  Record out{{{"completed", "Completed by providers"}, number_cell(completed)},
             {{"running", "Running"}, number_cell(running)},
             {{"cancelled", "Begun by nobody, taken back"}, number_cell(queued.size())}};
  if (queued.empty()) return out;
  LoadPlan plan;
  plan.count = queued.size();
  plan.call = [&queued](std::uint64_t i) {
    return market_request("cancelJob", JsonObject().number("jobId", queued[i]));
  };
  AITBC_TRY(run_load(context, key, plan, "taking jobs back"));
  return out;
}

Outcome<void> ai_throughput_test(Context& context, const LoadOptions& options) {
  AITBC_ASSIGN(const Amount payment, ait_option(options.payment, "--payment"));
  AITBC_ASSIGN(const std::string wallet, spending_wallet(context, options.wallet));
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, wallet));
  LoadPlan plan;
  plan.per_second = options.jobs_per_minute / 60;
  plan.count = static_cast<std::uint64_t>(std::max(1.0, std::floor(options.duration_s * plan.per_second)));
  plan.most_in_flight = plan.count;
  plan.call = [&payment](std::uint64_t i) {
    JsonObject spec;
    spec.text("type", "inference").text("prompt", "throughput test, job " + std::to_string(i + 1));
    spec.text("inputDigest", hex::encode_prefixed(Hash{}))
        .text("inputUri", "")
        .text("model", "")
        .text("requirements", "");
    JsonObject arguments;
    arguments.raw("spec", spec.str()).text("payment", to_units_string(payment));
    return market_request(
        "submitJob", arguments.number("targetKind", 0).number("targetId", 0).number("ttl", kJobLifetime_s));
  };
  AITBC_ASSIGN(const LoadReport report, run_load(context, key, plan, "job throughput test"));
  Record record = describe(report);
  AITBC_ASSIGN(const Record jobs, finish_jobs(context, key, report));
  record.insert(record.end(), jobs.begin(), jobs.end());
  context.output().record(record);
  return {};
}

void add_wallet(CLI::App& command, LoadOptions& options) {
  command.add_option(
      "--wallet", options.wallet,
      "Wallet that sends them and pays the fees (default: AITBC_WALLET, or genesis-ops of a devnet)");
}

void add_duration(CLI::App& command, LoadOptions& options) {
  command.add_option("--duration", options.duration_s, "Seconds")
      ->required()
      ->check(CLI::Range(1.0, 86'400.0));
}

}  // namespace

void add_load_actions(CLI::App& actions, Context& context) {
  add_command<LoadOptions>(
      actions, context, "stress-test", "Send many real transactions at once and measure",
      [](CLI::App& command, LoadOptions& options) {
        command.add_option("--transactions", options.transactions, "How many")
            ->required()
            ->check(CLI::Range(1, 1'000'000));
        command.add_option("--concurrent", options.concurrent, "At most so many that are in no block yet")
            ->check(CLI::Range(1, 10'000))
            ->capture_default_str();
        add_wallet(command, options);
      },
      stress_test);
  add_command<LoadOptions>(
      actions, context, "throughput-test", "Send real transactions at a steady rate and measure",
      [](CLI::App& command, LoadOptions& options) {
        add_duration(command, options);
        command.add_option("--transactions-per-second", options.per_second, "The rate")
            ->required()
            ->check(CLI::Range(0.01, 10'000.0));
        add_wallet(command, options);
      },
      throughput_test);
  add_command<LoadOptions>(
      actions, context, "ai-throughput-test",
      "Submit real jobs at a steady rate; those that nobody begins are taken back",
      [](CLI::App& command, LoadOptions& options) {
        add_duration(command, options);
        command.add_option("--jobs-per-minute", options.jobs_per_minute, "The rate")
            ->required()
            ->check(CLI::Range(0.01, 100'000.0));
        command.add_option("--payment", options.payment, "For each, in AIT")->capture_default_str();
        add_wallet(command, options);
      },
      ai_throughput_test);
}

}  // namespace aitbc::cli
