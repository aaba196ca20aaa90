// The provider's agent: presents its GPUs on the chain, accepts bids, runs jobs and posts their results,
// until it is told to stop.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "wallet/agent/bid_desk.hpp"
#include "wallet/agent/job_desk.hpp"
#include "wallet/agent/presence.hpp"
#include "wallet/agent/receipt_desk.hpp"
#include "wallet/agent/result_server.hpp"
#include "wallet/agent/status.hpp"

namespace aitbc::agent {

enum class Wish {
  none,
  drain,  // take nothing new, stop when what was begun is posted
  stop,   // at once: what runs goes on, and the next start finds it
};

struct AgentOptions {
  std::filesystem::path program;  // this executable, for supervisors
  std::string rpc_url;            // for the status
  // Waits so many milliseconds, less when there is a wish.
  std::function<Wish(std::uint64_t)> wait;
};

class Agent {
 public:
  // `steady_ms`: a clock that never goes back. The references outlive the agent.
  Agent(const AgentConfig& config, cli::NodeClient& node, const PrivateKey& key, cli::ServiceLog& log,
        AgentOptions options, std::function<std::uint64_t()> steady_ms);

  // Until a wish ends it. Fails on what people must mend: another agent with the same state, a port that is
  // taken, a full disk, a stake that cannot be paid.
  cli::Outcome<void> run();

 private:
  cli::Outcome<void> prepare();
  cli::Outcome<void> tick();
  // True when the failure is one that passes by itself.
  bool endure(const cli::Failure& failure);
  void publish(const std::string& problem);

  const AgentConfig& config_;
  cli::NodeClient& node_;
  AgentContext context_;
  AgentOptions options_;
  Presence presence_;
  BidDesk bids_;
  JobDesk jobs_;
  ReceiptDesk receipts_;
  std::unique_ptr<ResultListener> results_;
  bool prepared_ = false;
  bool established_ = false;
  bool resumed_ = false;
  bool draining_ = false;
  bool node_is_away_ = false;
  HeadView head_;
  std::uint64_t started_wall_ms_ = 0;
  std::uint64_t next_cleaning_ms_ = 0;
};

}  // namespace aitbc::agent
