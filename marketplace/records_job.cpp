#include "marketplace/records_job.hpp"

namespace aitbc::market {
namespace {

bool is_running(JobState state) { return state == JobState::queued || state == JobState::running; }

}  // namespace

JobState state_of(const Job& job, Seconds now) {
  return is_running(job.state) && now >= job.expires_at ? JobState::expired : job.state;
}

std::optional<Seconds> deadline_of(const Job& job) {
  return is_running(job.state) ? std::optional(job.expires_at) : std::nullopt;
}

}  // namespace aitbc::market
