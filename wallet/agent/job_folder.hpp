// What the agent knows about one job, in a folder of its own. Every file is written whole and durably, so
// that after a crash the folder says how far the job came:
//     job.json      what was taken on
//     run.json      the command and its limits, once the chain said that the job is ours
//     lock          held by the supervisor for as long as the command runs
//     attempts      how often the command was started
//     input, output, errors    its streams
//     outcome.json  how the run ended; never overwritten, so a job that has one is not run again
//     closed.json   what the chain said in the end
//     claimed       there once the receipt of a completed job was claimed
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wallet/agent/limited_run.hpp"

namespace aitbc::agent {

// A job as the chain has it.
struct JobTicket {
  std::uint64_t id = 0;
  Address customer;
  std::string type;
  std::string model;
  std::string requirements;
  std::string prompt;
  std::string input_uri;
  Hash input_digest;  // keccak256 of what the URI gives; zero: not promised
  Amount payment;
  std::string target_kind;  // "anyone", "service", "booking"
  std::uint64_t target = 0;
  std::uint64_t expires_at = 0;  // Unix seconds
};

// What the supervisor is told to do.
struct RunOrder {
  RunRequest request;
  std::string input_uri;  // to be fetched into the input file; empty: the file is there
  Hash input_digest;
  std::uint64_t max_input_bytes = 0;
  bool allow_private_addresses = false;
  std::string ca_file;
  std::uint64_t deadline_ms = 0;  // Unix time: the run, fetching included, has to be over
};

// How a run ended, as the chain will be told.
struct RunReport {
  bool succeeded = false;
  std::string reason;  // of a failure, one sentence
  Hash digest;         // keccak256 of the output
  std::uint64_t output_bytes = 0;
  std::uint64_t took_ms = 0;
};

struct JobClosing {
  std::string state;  // "completed", "failed", "expired", "canceled", "refused" or "lost" to another provider
  std::string note;
  std::uint64_t at_ms = 0;
};

// Thread-safe as far as the file system is. Several processes may look at one folder; the supervisor that
// holds the lock is the only one that writes the run's files.
class JobFolder {
 public:
  // Under the agent's folder: jobs/job_5.
  static JobFolder of(const std::filesystem::path& state_folder, std::uint64_t job);
  // All there are, by id. Folders without a readable job.json are left out (a crash while taking the job on).
  static Result<std::vector<JobFolder>> all(const std::filesystem::path& state_folder);
  explicit JobFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path work() const { return path_ / "work"; }
  std::filesystem::path input() const { return path_ / "input"; }
  std::filesystem::path output() const { return path_ / "output"; }
  std::filesystem::path errors() const { return path_ / "errors"; }
  std::filesystem::path lock() const { return path_ / "lock"; }

  Result<void> take(const JobTicket& ticket) const;  // makes the folder
  Result<void> order(const RunOrder& order) const;
  Result<void> report(const RunReport& report) const;
  Result<void> close(const JobClosing& closing) const;
  // One more than before.
  Result<std::uint64_t> count_attempt() const;

  // Fail (not_found) when that has not happened, (corruption) when the file is damaged.
  Result<JobTicket> ticket() const;
  Result<RunOrder> order() const;
  Result<RunReport> report() const;
  Result<JobClosing> closing() const;
  std::uint64_t attempts() const;
  Result<void> mark_claimed() const;
  bool is_claimed() const;

  // Whether a supervisor holds the lock.
  bool is_running() const;
  // Deletes what is only needed to run the job (its working folder and input).
  void clear_work() const;
  void remove() const;

 private:
  std::filesystem::path path_;
};

}  // namespace aitbc::agent
