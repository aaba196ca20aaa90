#include "wallet/agent/agent.hpp"

#include "codec/hex.hpp"

namespace aitbc::agent {
namespace {

using cli::Outcome;

constexpr std::uint64_t kAwayWait_ms = 3'000;  // between two tries to reach the node
constexpr std::uint64_t kCleaning_ms = 3'600'000;

}  // namespace

Agent::Agent(const AgentConfig& config, cli::NodeClient& node, const PrivateKey& key, cli::ServiceLog& log,
             AgentOptions options, std::function<std::uint64_t()> steady_ms)
    : config_(config),
      node_(node),
      context_(config, node, key, log, std::move(steady_ms)),
      options_(std::move(options)),
      presence_(context_),
      bids_(context_),
      jobs_(context_, presence_, options_.program),
      receipts_(context_, node, key) {}

bool Agent::endure(const cli::Failure& failure) {
  if (failure.code != cli::Exit::unreachable && failure.code != cli::Exit::refused) return false;
  if (!node_is_away_) context_.log.error("cannot work at the moment", {{"reason", failure.message}});
  node_is_away_ = true;
  return true;
}

Outcome<void> Agent::prepare() {
  AITBC_ASSIGN(context_.rules.chain_id, node_.chain_id());
  AITBC_ASSIGN(const cli::Json params, context_.chain.params());
  context_.rules.heartbeat_grace = params["heartbeatGrace"].u64().value_or(0);
  if (context_.rules.heartbeat_grace == 0)
    return cli::failed(cli::Exit::refused, "the node does not know the marketplace's parameters");
  if (!config_.results.address.empty()) {
    results_ = std::make_unique<ResultListener>(config_, context_.rules.chain_id);
    AITBC_TRY(results_->start());
    context_.log.info("serving results", {{"port", std::to_string(results_->port())}});
  }
  prepared_ = true;
  return {};
}

Outcome<void> Agent::tick() {
  if (!prepared_) {
    AITBC_TRY(prepare());
  }
  AITBC_ASSIGN(head_, context_.chain.head());
  AITBC_ASSIGN(const std::vector<Sent> sent, context_.sender.collect());
  for (const Sent& each : sent) {
    if (!each.receipt.succeeded) context_.note_failure(each);
    presence_.on_sent(each);
    bids_.on_sent(each);
    AITBC_TRY(jobs_.on_sent(each));
    AITBC_TRY(receipts_.on_sent(each));
  }
  if (!resumed_) {
    // An earlier process may have sent what is not in a block yet; judging before that would repeat it.
    AITBC_ASSIGN(const bool settled, context_.sender.settled());
    if (!settled) return {};
    AITBC_TRY(jobs_.resume());
    AITBC_TRY(receipts_.resume());
    resumed_ = true;
  }
  if (!established_) {
    if (context_.sender.on_their_way() == 0) {
      AITBC_ASSIGN(established_, presence_.establish());
      if (established_)
        context_.log.info("on the market", {{"account", hex::checksummed(context_.account())},
                                            {"gpus", std::to_string(presence_.gpus().size())}});
    }
  } else {
    AITBC_TRY(presence_.tick(head_));
    if (!draining_) {
      AITBC_TRY(bids_.tick());
    }
  }
  AITBC_TRY(jobs_.tick(head_, established_ && !draining_));
  AITBC_TRY(receipts_.tick());
  if (node_is_away_) context_.log.info("working again");
  node_is_away_ = false;
  return {};
}

void Agent::publish(const std::string& problem) {
  AgentStatus status;
  status.account = hex::checksummed(context_.account());
  status.rpc_url = options_.rpc_url;
  status.problem = problem;
  status.draining = draining_;
  status.started_ms = started_wall_ms_;
  status.updated_ms = cli::wall_clock_ms();
  status.head = head_.number;
  status.heartbeat_ms = presence_.last_heartbeat_ms();
  status.heartbeat_every_ms = presence_.heartbeat_interval_ms();
  status.results_port = results_ ? results_->port() : 0;
  status.bids_accepted = bids_.accepted();
  status.counts = jobs_.counts();
  status.receipts_claimed = receipts_.claimed();
  status.receipts_waiting = receipts_.waiting();
  status.gpus = presence_.gpus();
  status.jobs = jobs_.jobs();
  if (const auto written = write_status(config_.state_folder, status); !written)
    context_.log.warning(written.error().message);
}

Outcome<void> Agent::run() {
  AITBC_ASSIGN(const wallet::FileLock lock, lock_state(config_.state_folder));
  started_wall_ms_ = cli::wall_clock_ms();
  context_.log.info("started", {{"account", hex::checksummed(context_.account())}});
  for (;;) {
    const auto done = tick();
    if (!done && !endure(done.error())) return fail(done.error());
    publish(done ? "" : done.error().message);
    if (draining_ && resumed_ && jobs_.in_hand() == 0 && context_.sender.on_their_way() == 0) {
      context_.log.info("stopped: nothing is left to do");
      return {};
    }
    if (context_.now_ms() >= next_cleaning_ms_) {
      jobs_.forget_old_results();
      next_cleaning_ms_ = context_.now_ms() + kCleaning_ms;
    }
    const Wish wish = options_.wait(done ? config_.poll_ms : kAwayWait_ms);
    if (wish == Wish::stop) {
      context_.log.info("stopped", {{"jobs_going_on", std::to_string(jobs_.in_hand())}});
      return {};
    }
    if (wish == Wish::drain && !draining_) {
      draining_ = true;
      context_.log.info("taking nothing new, finishing what was begun");
    }
  }
}

}  // namespace aitbc::agent
