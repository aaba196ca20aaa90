// What is told to a job's command, and what is told to the chain about it.
#pragma once

#include <string>
#include <string_view>

#include "wallet/agent/config.hpp"
#include "wallet/agent/job_folder.hpp"

namespace aitbc::agent {

// The chain takes results up to this size in the call itself.
inline constexpr std::uint64_t kMaxInline_bytes = 4'096;

// The command with its limits and its cleaned environment, ready for the folder. It has to be over before the
// job expires.
RunOrder make_order(const JobCommand& job, const JobFolder& folder, const JobTicket& ticket,
                    std::uint64_t now_ms);
// Names the GPU of a booking to the command; a detected one is the only one that CUDA will see.
void confine_to(RunOrder& order, const std::string& device_id, bool is_detected);

// ---- arguments of calls, as JSON objects by name
std::string job_argument(std::uint64_t job);
std::string fail_arguments(std::uint64_t job, const std::string& reason);

struct Posting {
  std::string_view call;  // completeJob or failJob
  std::string arguments;
};
// From the folder's outcome. Fails (not_found, corruption, io) when the outcome or the output cannot be read.
Result<Posting> posting_of(const ResultServer& results, const JobFolder& folder, std::uint64_t job);
Result<std::string> delivery_arguments(const ResultServer& results, const JobFolder& folder,
                                       std::uint64_t service, std::uint64_t job);

}  // namespace aitbc::agent
