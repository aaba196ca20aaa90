#include "wallet/agent/provider_commands.hpp"

#include "wallet/agent/agent.hpp"
#include "wallet/agent/supervisor.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/cli/stop_signals.hpp"
#include "wallet/cli/written_file.hpp"
#include "wallet/files.hpp"

namespace aitbc::agent {
namespace {

using cli::Context;
using cli::Json;
using cli::Outcome;

constexpr std::uint64_t kStale_seconds = 120;

struct ProviderOptions {
  std::string config = "provider.toml";
  std::string log;
};

struct InitOptions {
  std::string file = "provider.toml";
};

Outcome<void> init(Context& context, const InitOptions& options) {
  const std::string& file = options.file;
  AITBC_TRY(wallet::write_new_file(file, example_config()));
  cli::report_file(context, "Wrote " + file + ": fill it in, then: aitbc provider check --config " + file,
                   file);
  return {};
}

struct SuperviseOptions {
  std::string folder;
};

Outcome<void> run_supervisor(Context&, const SuperviseOptions& options) {
  AITBC_TRY(supervise(JobFolder(options.folder)));
  return {};
}

void show_gpus(Context& context, const std::vector<GpuOffer>& gpus) {
  cli::Table table{{{"device_id", "DEVICE"},
                    {"model", "MODEL"},
                    {"memory_gb", "MEMORY GB"},
                    {"price_per_hour", "PRICE PER HOUR"},
                    {"detected", "DETECTED"}},
                   {},
                   "no GPUs: declare one with [[gpu]], or give [gpus] a price-per-hour"};
  for (const GpuOffer& gpu : gpus)
    table.rows.push_back({cli::text_cell(gpu.device_id), cli::text_cell(gpu.model),
                          cli::number_cell(gpu.memory_gb), cli::ait_cell(gpu.price_per_hour),
                          cli::boolean_cell(gpu.is_detected)});
  context.output().table(table);
}

Outcome<void> check(Context& context, const ProviderOptions& options) {
  AITBC_ASSIGN(const AgentConfig config, read_config(options.config));
  AITBC_TRY(cli::wallet_address(context, config.wallet));
  std::vector<DetectedGpu> detected;
  if (config.detect) {
    auto found = detect_gpus(config.nvml_library);
    if (!found) context.note("note: " + found.error().message);
    if (found) detected = *std::move(found);
  }
  show_gpus(context, offered_gpus(config, detected));
  return {};
}

Outcome<void> run(Context& context, const ProviderOptions& options) {
  AITBC_ASSIGN(AgentConfig config, read_config(options.config));
  config.state_folder = std::filesystem::absolute(config.state_folder);
  AITBC_ASSIGN(const PrivateKey key, cli::open_wallet(context, config.wallet));
  context.options.password.reset();  // not needed again, however long this goes on
  AITBC_ASSIGN(cli::NodeClient* const node, context.node());
  // Before the result server's threads are made, so that they do not take the signals.
  const cli::StopSignals signals;
  const bool json = options.log.empty() ? !context.env.err_is_terminal : options.log == "json";
  cli::ServiceLog log(context.env.err, json, "aitbc-provider", cli::wall_clock_ms);
  AgentOptions agent_options{std::filesystem::read_symlink("/proc/self/exe"), context.options.rpc_url,
                             [&signals](std::uint64_t ms) {
                               switch (signals.wait(std::chrono::milliseconds(ms))) {
                                 case cli::StopWish::none:
                                   return Wish::none;
                                 case cli::StopWish::finish:
                                   return Wish::drain;
                                 case cli::StopWish::stop:
                                   break;
                               }
                               return Wish::stop;
                             }};
  return Agent(config, *node, key, log, std::move(agent_options), cli::steady_clock_ms).run();
}

std::string state_of(const Json& status, bool is_running) {
  if (!is_running) return "stopped";
  const std::uint64_t now = cli::wall_clock_ms() / 1'000;
  if (status["updated_at"].u64().value_or(0) + kStale_seconds < now) return "stuck";
  if (!status["problem"].text().empty()) return "waiting: " + status["problem"].text();
  return status["draining"].is_true() ? "finishing" : "running";
}

cli::Cell moment(const Json& seconds) {
  const std::uint64_t value = seconds.u64().value_or(0);
  return value == 0 ? cli::Cell{"never", "null"} : cli::time_cell(value);
}

cli::Cell plain(const Json& value) { return {cli::printable(value.text()), value.dump()}; }

Outcome<void> status(Context& context, const ProviderOptions& options) {
  AITBC_ASSIGN(const AgentConfig config, read_config(options.config));
  const auto text = wallet::read_small_file(config.state_folder / "status.json", 1U << 22);
  if (!text && text.error().code == ErrorCode::not_found)
    return cli::failed(cli::Exit::refused, "no agent has run with " + options.config +
                                               " yet; start it with: aitbc provider run --config " +
                                               options.config);
  if (!text) return fail(text.error());
  AITBC_ASSIGN(const Json status, Json::parse(*text));
  std::string gpus;
  for (const Json& gpu : status["gpus"].elements())
    gpus +=
        (gpus.empty() ? "" : ", ") + gpu["gpu_id"].text() + (gpu["works"].is_true() ? "" : " (out of order)");
  std::string jobs;
  for (const Json& job : status["jobs"].elements())
    jobs += (jobs.empty() ? "" : ", ") + job["job_id"].text() + " " + job["stage"].text();
  context.output().record({
      {{"state", "State"}, cli::text_cell(state_of(status, is_state_locked(config.state_folder)))},
      {{"account", "Account"}, plain(status["account"])},
      {{"pid", "Process"}, plain(status["pid"])},
      {{"started_at", "Started"}, moment(status["started_at"])},
      {{"updated_at", "As of"}, moment(status["updated_at"])},
      {{"head", "Block"}, plain(status["head"])},
      {{"last_heartbeat", "Last heartbeat"}, moment(status["last_heartbeat"])},
      {{"gpus", "GPUs"}, {gpus.empty() ? "none" : cli::printable(gpus), status["gpus"].dump()}},
      {{"jobs", "Jobs"}, {jobs.empty() ? "none" : cli::printable(jobs), status["jobs"].dump()}},
      {{"bids_accepted", "Bids accepted"}, plain(status["bids_accepted"])},
      {{"jobs_completed", "Jobs completed"}, plain(status["jobs_completed"])},
      {{"jobs_failed", "Jobs failed"}, plain(status["jobs_failed"])},
      {{"jobs_not_posted", "Jobs not posted in time"}, plain(status["jobs_not_posted"])},
      {{"receipts_claimed", "Receipts claimed"}, plain(status["receipts_claimed"])},
      {{"receipts_waiting", "Receipts without enough attestations"}, plain(status["receipts_waiting"])},
  });
  return {};
}

void describe_config(CLI::App& command, ProviderOptions& options) {
  command.add_option("--config", options.config, "The provider's settings")->capture_default_str();
}

void describe_run(CLI::App& command, ProviderOptions& options) {
  describe_config(command, options);
  command.add_option("--log", options.log, "text or json (default: text on a terminal)")
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace

void add_provider_commands(CLI::App& root, Context& context) {
  CLI::App* group = cli::add_group(root, "provider", "Offer this machine's GPUs and run jobs on them");
  cli::add_command<InitOptions>(
      *group, context, "init", "Write a file of settings to start from",
      [](CLI::App& command, InitOptions& options) {
        command.add_option("file", options.file)->capture_default_str();
      },
      init);
  cli::add_command<ProviderOptions>(*group, context, "check",
                                    "Check the settings and show the GPUs that would be offered",
                                    describe_config, check);
  cli::add_command<ProviderOptions>(
      *group, context, "run",
      "Work as a provider until stopped (SIGTERM: at once, SIGUSR1: when what was begun is posted)",
      describe_run, run);
  cli::add_command<ProviderOptions>(*group, context, "status", "Show what the provider's agent is doing",
                                    describe_config, status);
  cli::add_command<SuperviseOptions>(
      *group, context, "supervise", "Run one job; the agent uses it",
      [](CLI::App& command, SuperviseOptions& options) {
        command.group("");  // not in the help
        command.add_option("folder", options.folder)->required();
      },
      run_supervisor);
}

}  // namespace aitbc::agent
