#include "wallet/notify/notify_command.hpp"

#include <memory>

#include "codec/hex.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/stop_signals.hpp"
#include "wallet/file_lock.hpp"
#include "wallet/files.hpp"
#include "wallet/notify/channel_feed.hpp"

namespace aitbc::notify {
namespace {

using cli::Context;
using cli::Outcome;

constexpr std::chrono::milliseconds kPostTime{15'000};
constexpr std::uint64_t kLongestWait_ms = 30'000;  // between two tries to reach the node

struct NotifyOptions {
  std::string config = "notify.toml";
  std::string log;
  bool once = false;
};

// The state folder, for one process at a time.
Outcome<wallet::FileLock> lock_state(const std::filesystem::path& folder) {
  AITBC_TRY(wallet::make_private_folder(folder));
  auto lock = wallet::FileLock::take(folder / "notify.lock");
  if (lock) return *std::move(lock);
  if (lock.error().code != ErrorCode::conflict) return fail(lock.error());
  return cli::failed(cli::Exit::refused, "another aitbc notify works with " + folder.string());
}

class Notifier {
 public:
  Notifier(const NotifyConfig& config, cli::NodeClient& node, cli::ServiceLog& log)
      : node_(node), client_(client_options(config)) {
    for (const Channel& channel : config.channels)
      feeds_.push_back(std::make_unique<ChannelFeed>(
          channel, config, log,
          [this](const Channel& to, std::string body) { return post(to, std::move(body)); },
          cli::steady_clock_ms));
  }

  Outcome<void> advance() {
    AITBC_ASSIGN(const Height head, node_.head());
    for (const auto& feed : feeds_) {
      if (!feed->is_open()) {
        AITBC_ASSIGN(const ChainIdentity chain, identify());
        AITBC_TRY(feed->open(chain, head));
      }
      AITBC_TRY(feed->advance(node_, head));
    }
    return {};
  }

 private:
  static web::ClientOptions client_options(const NotifyConfig& config) {
    web::ClientOptions out;
    out.timeout = kPostTime;
    out.max_response_bytes = 1U << 20;
    out.ca_file = config.ca_file;
    return out;
  }

  Outcome<ChainIdentity> identify() {
    ChainIdentity out;
    AITBC_ASSIGN(out.chain_id, node_.chain_id());
    AITBC_ASSIGN(const cli::Json block, node_.call("eth_getBlockByNumber", R"(["0x0",false])"));
    AITBC_ASSIGN(out.genesis, hex::decode_fixed<Hash>(block["hash"].text()));
    return out;
  }

  tl::expected<web::HttpReply, web::HttpFailure> post(const Channel& channel, std::string body) {
    web::HttpRequest request;
    request.method = "POST";
    request.url = channel.url;
    request.fields = {{"Content-Type", "application/json"}};
    request.body = std::move(body);
    return client_.send(request);
  }

  cli::NodeClient& node_;
  web::HttpClient client_;
  std::vector<std::unique_ptr<ChannelFeed>> feeds_;
};

Outcome<void> follow(Notifier& notifier, const NotifyConfig& config, cli::ServiceLog& log,
                     const cli::StopSignals& signals) {
  bool is_away = false;
  for (;;) {
    const auto done = notifier.advance();
    const bool passes = done || done.error().code == cli::Exit::unreachable;
    if (!passes) return fail(done.error());
    if (!done && !is_away) log.error("cannot work at the moment", {{"reason", done.error().message}});
    if (done && is_away) log.info("working again");
    is_away = !done;
    const std::uint64_t wait = done ? config.poll_ms : std::min(config.poll_ms * 5, kLongestWait_ms);
    if (signals.wait(std::chrono::milliseconds(wait)) != cli::StopWish::none) {
      log.info("stopped");
      return {};
    }
  }
}

Outcome<void> notify(Context& context, const NotifyOptions& options) {
  AITBC_ASSIGN(const NotifyConfig config, read_config(options.config, context.env.variable));
  if (wallet::others_may_read(options.config))
    context.note("warning: others may read " + options.config + ", where webhooks are; chmod 600 it");
  AITBC_ASSIGN(const wallet::FileLock lock, lock_state(config.state_folder));
  AITBC_ASSIGN(cli::NodeClient* const node, context.node());
  const cli::StopSignals signals;
  const bool json = options.log.empty() ? !context.env.err_is_terminal : options.log == "json";
  cli::ServiceLog log(context.env.err, json, "aitbc-notify", cli::wall_clock_ms);
  Notifier notifier(config, *node, log);
  if (options.once) return notifier.advance();
  log.info("following the marketplace", {{"channels", std::to_string(config.channels.size())}});
  return follow(notifier, config, log, signals);
}

}  // namespace

void add_notify_command(CLI::App& root, Context& context) {
  cli::add_command<NotifyOptions>(
      root, context, "notify", "Post the marketplace's events to Slack and Discord",
      [](CLI::App& command, NotifyOptions& options) {
        command.add_option("--config", options.config, "Channels and filters")->capture_default_str();
        command.add_option("--log", options.log, "text or json (default: text on a terminal)")
            ->check(CLI::IsMember({"text", "json"}));
        command.add_flag("--once", options.once, "Post what there is and stop");
      },
      notify);
}

}  // namespace aitbc::notify
