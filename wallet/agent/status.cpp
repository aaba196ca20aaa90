#include "wallet/agent/status.hpp"

#include <unistd.h>

#include <fstream>

#include "wallet/cli/json.hpp"

namespace aitbc::agent {
namespace {

using cli::JsonObject;

constexpr const char* kLockName = "agent.lock";

std::string gpus_json(const std::vector<Presence::OwnGpu>& gpus) {
  std::vector<std::string> items;
  for (const auto& gpu : gpus) {
    JsonObject item;
    item.text("gpu_id", id_text("gpu", gpu.id)).text("device_id", gpu.device_id);
    items.push_back(item.boolean("detected", gpu.is_detected).boolean("works", gpu.works).str());
  }
  return cli::json_array(items);
}

std::string jobs_json(const std::vector<JobStatus>& jobs) {
  std::vector<std::string> items;
  for (const JobStatus& job : jobs) {
    JsonObject item;
    items.push_back(
        item.text("job_id", id_text("job", job.id)).text("type", job.type).text("stage", job.stage).str());
  }
  return cli::json_array(items);
}

}  // namespace

std::string to_json(const AgentStatus& status) {
  JsonObject out;
  out.number("pid", static_cast<std::uint64_t>(::getpid())).text("account", status.account);
  out.text("rpc_url", status.rpc_url).text("problem", status.problem).boolean("draining", status.draining);
  out.number("started_at", status.started_ms / 1'000).number("updated_at", status.updated_ms / 1'000);
  out.number("head", status.head).number("last_heartbeat", status.heartbeat_ms / 1'000);
  out.number("heartbeat_interval", status.heartbeat_every_ms / 1'000)
      .number("results_port", status.results_port);
  out.number("bids_accepted", status.bids_accepted).number("jobs_completed", status.counts.completed);
  out.number("jobs_failed", status.counts.failed).number("jobs_not_posted", status.counts.not_posted);
  out.number("receipts_claimed", status.receipts_claimed).number("receipts_waiting", status.receipts_waiting);
  return out.raw("gpus", gpus_json(status.gpus)).raw("jobs", jobs_json(status.jobs)).str();
}

Result<void> write_status(const std::filesystem::path& state_folder, const AgentStatus& status) {
  const std::filesystem::path path = state_folder / "status.json";
  const std::filesystem::path fresh = state_folder / "status.json.new";
  std::ofstream file(fresh, std::ios::trunc);
  file << to_json(status) << '\n';
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(fresh, path, error);
  if (!file || error) return fail(ErrorCode::io, "cannot write " + path.string());
  return {};
}

Result<wallet::FileLock> lock_state(const std::filesystem::path& state_folder) {
  AITBC_TRY(wallet::make_private_folder(state_folder));
  auto lock = wallet::FileLock::take(state_folder / kLockName);
  if (lock || lock.error().code != ErrorCode::conflict) return lock;
  return fail(ErrorCode::conflict, "another agent works with " + state_folder.string() +
                                       "; stop it first, or give this one a state-folder of its own");
}

bool is_state_locked(const std::filesystem::path& state_folder) {
  return wallet::FileLock::is_held(state_folder / kLockName);
}

}  // namespace aitbc::agent
