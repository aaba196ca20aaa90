// The process between the agent and a job's command. It outlives the agent: an agent that was killed and
// started again finds the run still going, or its outcome, and neither loses nor repeats it.
#pragma once

#include "base/result.hpp"
#include "wallet/agent/job_folder.hpp"

namespace aitbc::agent {

// Runs the folder's order, if no other supervisor does and there is no outcome yet, and reports the outcome
// into the folder. Blocks for as long as it takes. Needs a process of its own (see run_limited).
Result<void> supervise(const JobFolder& folder);

// Starts `program provider supervise FOLDER` as a process of its own, in its own session, with none of this
// process's files open. Gives its id; the caller may wait for it.
Result<int> start_supervisor(const std::filesystem::path& program, const JobFolder& folder);

}  // namespace aitbc::agent
