// Has minted what the network pays for completed jobs: collects the coordinators' attestations of each, and
// claims its receipt once there are enough.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "wallet/agent/agent_context.hpp"
#include "wallet/cli/compute_receipt.hpp"
#include "wallet/web/http_client.hpp"

namespace aitbc::agent {

class ReceiptDesk {
 public:
  // The references outlive the desk. Without a source of attestations in the settings it does nothing.
  ReceiptDesk(AgentContext& context, cli::NodeClient& node, const PrivateKey& key);

  // Takes up the completed jobs of the state folder that were not claimed. Fails when it cannot be read.
  cli::Outcome<void> resume();
  // Looks for the attestations of one job at most. Fails when the node is away or the disk full.
  cli::Outcome<void> tick();
  cli::Outcome<void> on_sent(const Sent& sent);

  std::size_t waiting() const { return waiting_.size(); }
  std::uint64_t claimed() const { return claimed_; }

 private:
  struct Waiting {
    cli::Attestations attestations{};
    std::uint64_t next_try_ms = 0;
    std::uint64_t pause_ms = 0;
  };

  bool is_on() const;
  cli::Outcome<void> try_to_claim(std::uint64_t job, Waiting& entry);
  // Adds what the sources have for the job by now.
  void collect(const cli::ComputeReceipt& receipt, cli::Attestations& to);
  cli::Outcome<void> mark_claimed(std::uint64_t job);

  AgentContext& context_;
  cli::NodeClient& node_;
  const PrivateKey& key_;
  web::HttpClient http_;
  std::map<std::string, std::uint64_t> away_until_ms_;  // by address: one that hangs would hold up the agent
  std::map<std::uint64_t, Waiting> waiting_;
  std::uint64_t claimed_ = 0;
};

}  // namespace aitbc::agent
