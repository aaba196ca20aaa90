// Takes jobs on, has them run, and posts what came of them. What has to be remembered is in the jobs' folders
// and on the chain; everything here is worked out of the two again after a restart.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "wallet/agent/agent_context.hpp"
#include "wallet/agent/policy.hpp"
#include "wallet/agent/presence.hpp"

namespace aitbc::agent {

struct JobCounts {
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::uint64_t not_posted = 0;  // expired or taken by somebody else before the result could be posted
};

struct JobStatus {
  std::uint64_t id = 0;
  std::string stage;
  std::string type;
};

class JobDesk {
 public:
  // `program`: the executable that has the supervise command.
  JobDesk(AgentContext& context, const Presence& presence, std::filesystem::path program)
      : context_(context), presence_(presence), program_(std::move(program)) {}

  // Finds out where every job of this provider stands. To be called once, when no transaction of the account
  // is on its way. Fails when the node cannot be reached or the state folder cannot be read.
  cli::Outcome<void> resume();
  // With `take_new` false only what was begun goes on.
  cli::Outcome<void> tick(const HeadView& head, bool take_new);
  // Fails when the state folder cannot be written: then nothing more may be taken on.
  cli::Outcome<void> on_sent(const Sent& sent);

  // Deletes the folders of jobs that were closed long enough ago.
  void forget_old_results() const;

  // Jobs that are begun and not closed.
  std::size_t in_hand() const;
  std::vector<JobStatus> jobs() const;
  const JobCounts& counts() const { return counts_; }

 private:
  enum class Stage {
    waiting,   // on the chain for us, not begun
    starting,  // startJob is on its way
    refusing,  // begun only to be given back with a reason
    running,   // its supervisor works
    posting,   // there is an outcome to tell the chain
  };
  struct Entry {
    JobTicket ticket;
    Stage stage = Stage::waiting;
    std::string refusal{};
    int supervisor = 0;  // process id, when this agent started it
    std::uint64_t started_ms = 0;
  };
  using Entries = std::map<std::uint64_t, Entry>;
  static std::string_view name_of(Stage stage);

  JobFolder folder(std::uint64_t job) const { return JobFolder::of(context_.config.state_folder, job); }
  bool is_for_us(const JobView& job) const;
  cli::Outcome<void> take_in();
  cli::Outcome<void> resume_folder(const JobFolder& folder);
  cli::Outcome<void> adopt(const JobView& job);
  // Each gives false when the job is over for this agent.
  cli::Outcome<bool> step(Entry& entry, const HeadView& head, bool take_new);
  cli::Outcome<bool> begin(Entry& entry, const HeadView& head);
  cli::Outcome<bool> pays_for_service(const JobTicket& ticket);
  cli::Outcome<bool> begin_run(Entry& entry);
  cli::Outcome<bool> watch(Entry& entry);
  cli::Outcome<bool> refuse(Entry& entry);
  cli::Outcome<bool> post(Entry& entry);
  // Asks the chain where the job stands after a call was refused or failed.
  cli::Outcome<bool> reconsider(Entry& entry);
  cli::Outcome<void> deliver(std::uint64_t service);
  void note_delivery(const JobTicket& ticket, const std::string& state);
  cli::Outcome<RunOrder> order_for(const JobTicket& ticket);
  cli::Outcome<void> close(const Entry& entry, const std::string& state, const std::string& note);
  std::size_t busy() const;

  AgentContext& context_;
  const Presence& presence_;
  std::filesystem::path program_;
  Entries entries_;
  std::map<std::uint64_t, std::uint64_t> to_deliver_;  // service -> job with its result
  std::uint64_t next_job_ = 1;
  JobCounts counts_;
};

}  // namespace aitbc::agent
