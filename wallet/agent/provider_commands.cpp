#include "wallet/agent/provider_commands.hpp"

#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "wallet/agent/agent.hpp"
#include "wallet/agent/supervisor.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/cli/stop_signals.hpp"
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

std::uint64_t steady_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

Outcome<void> init(Context& context, const std::string& file) {
  AITBC_TRY(wallet::write_new_file(file, example_config()));
  context.output().line("Wrote " + file + ": fill it in, then: aitbc provider check --config " + file);
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
  return Agent(config, *node, key, log, std::move(agent_options), steady_ms).run();
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
      {{"state", "State"}, cli::text_cell(state_of(status, StateLock::is_held(config.state_folder)))},
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
  });
  return {};
}

using Work = Outcome<void> (*)(Context&, const ProviderOptions&);

CLI::App* add_command(CLI::App& group, Context& context, const char* name, const char* help, Work work) {
  auto options = std::make_shared<ProviderOptions>();
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("--config", options->config, "The provider's settings")->capture_default_str();
  if (work == run)
    command->add_option("--log", options->log, "text or json (default: text on a terminal)")
        ->check(CLI::IsMember({"text", "json"}));
  command->callback([&context, options, work] {
    context.action = [&context, options, work] { return work(context, *options); };
  });
  return command;
}

}  // namespace

void add_provider_commands(CLI::App& root, Context& context) {
  CLI::App* group = root.add_subcommand("provider", "Offer this machine's GPUs and run jobs on them");
  group->require_subcommand(1);

  auto file = std::make_shared<std::string>("provider.toml");
  CLI::App* first = group->add_subcommand("init", "Write a file of settings to start from");
  first->add_option("file", *file)->capture_default_str();
  first->callback([&context, file] { context.action = [&context, file] { return init(context, *file); }; });

  add_command(*group, context, "check", "Check the settings and show the GPUs that would be offered", check);
  add_command(*group, context, "run",
              "Work as a provider until stopped (SIGTERM: at once, SIGUSR1: when what was begun is posted)",
              run);
  add_command(*group, context, "status", "Show what the provider's agent is doing", status);

  auto folder = std::make_shared<std::string>();
  CLI::App* supervisor = group->add_subcommand("supervise", "Run one job; the agent uses it")->group("");
  supervisor->add_option("folder", *folder)->required();
  supervisor->callback([&context, folder] {
    context.action = [folder]() -> Outcome<void> {
      AITBC_TRY(supervise(JobFolder(*folder)));
      return {};
    };
  });
}

}  // namespace aitbc::agent
