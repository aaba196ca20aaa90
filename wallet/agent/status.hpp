// What a running agent says about itself, for `aitbc provider status` and for whoever else reads the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "wallet/agent/job_desk.hpp"
#include "wallet/agent/presence.hpp"
#include "wallet/file_lock.hpp"

namespace aitbc::agent {

struct AgentStatus {
  std::string account;
  std::string rpc_url;
  std::string problem;  // why it cannot work at the moment; empty when it can
  bool draining = false;
  std::uint64_t started_ms = 0;  // wall clock
  std::uint64_t updated_ms = 0;
  std::uint64_t head = 0;
  std::uint64_t heartbeat_ms = 0;  // the last one that got into a block; 0: none yet
  std::uint64_t heartbeat_every_ms = 0;
  std::uint16_t results_port = 0;  // 0: serves none
  std::uint64_t bids_accepted = 0;
  JobCounts counts;
  std::uint64_t receipts_claimed = 0;  // since the start
  std::uint64_t receipts_waiting = 0;  // for attestations
  std::vector<Presence::OwnGpu> gpus;
  std::vector<JobStatus> jobs;
};

std::string to_json(const AgentStatus& status);
// status.json in the state folder, whole but not durable: it is rewritten all the time.
Result<void> write_status(const std::filesystem::path& state_folder, const AgentStatus& status);

// One agent at a time may have a state folder. Fails (conflict) when another has it, (io) when it cannot be
// made.
Result<wallet::FileLock> lock_state(const std::filesystem::path& state_folder);
bool is_state_locked(const std::filesystem::path& state_folder);

}  // namespace aitbc::agent
