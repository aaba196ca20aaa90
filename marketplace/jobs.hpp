// Jobs: paid work with a result.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// ---- calls
// ttl 0: the parameter's default.
Outcome<JobId> submit_job(Context& c, const JobSpec& spec, Amount payment, std::uint8_t target_kind,
                          std::uint64_t target, Seconds ttl);
Outcome<void> start_job(Context& c, JobId id);
Outcome<void> complete_job(Context& c, JobId id, const JobResult& result);
Outcome<void> fail_job(Context& c, JobId id, const std::string& reason);
// By the customer, while nobody has begun.
Outcome<void> cancel_job(Context& c, JobId id);
// Mints what the attested work of a completed job is worth, once. Anyone may send it. Signatures are r | s |
// v (v 27 or 28, or 0 or 1) over the EIP-712 struct ComputeReceipt; the attestations ascend by signer.
Outcome<Amount> claim_receipt(Context& c, JobId id, const Bytes& provider_signature,
                              const std::vector<Bytes>& attestations);

// ---- views
struct JobView {
  static constexpr std::string_view kName = "JobView";
  Job job;
  JobState state = JobState::queued;
  static constexpr auto kFields = FlatTuple(field("job", &JobView::job), field("state", &JobView::state));
};
Outcome<JobView> get_job(Context& c, JobId id);
// What the provider and the coordinators sign for a completed job.
Outcome<Hash> receipt_digest(Context& c, JobId id);

// ---- for the rest of the module
void job_due(Context& c, JobId id);

}  // namespace aitbc::market
