#include "marketplace/jobs.hpp"

#include "marketplace/money.hpp"
#include "marketplace/providers.hpp"
#include "marketplace/services.hpp"

namespace aitbc::market {
namespace {

constexpr std::size_t kMaxType = 32;
constexpr std::size_t kMaxPrompt = 4'096;
constexpr std::size_t kMaxUri = 256;
constexpr std::size_t kMaxModel = 64;
constexpr std::size_t kMaxRequirements = 512;
constexpr std::size_t kMaxReason = 256;
constexpr std::size_t kMaxInline = 4'096;
constexpr std::uint64_t kMaxUnits = 1'000'000'000'000;

Outcome<void> check_spec(const JobSpec& spec) {
  MARKET_TRY(check_required_text("type", spec.type, kMaxType));
  if (spec.prompt.empty() && spec.input_uri.empty()) return revert<"TextMissing">("prompt");
  MARKET_TRY(check_text("prompt", spec.prompt, kMaxPrompt));
  MARKET_TRY(check_text("inputUri", spec.input_uri, kMaxUri));
  MARKET_TRY(check_text("model", spec.model, kMaxModel));
  return check_text("requirements", spec.requirements, kMaxRequirements);
}

// An open service takes jobs of anybody; one that has a customer, of that customer.
Outcome<Address> provider_of_service(Context& c, ServiceId id) {
  MARKET_ASSIGN(const Service service, find_service(c, id));
  const ServiceState state = state_of(service, c.now());
  if (state == ServiceState::open) {
    if (service.provider == c.caller) return revert<"OwnTarget">(TargetKind::service, id.value);
    return service.provider;
  }
  if (state != ServiceState::assigned && state != ServiceState::delivered)
    return revert<"WrongServiceState">(id, state);
  if (service.customer != c.caller) return revert<"NotServiceCustomer">(id, c.caller);
  return service.provider;
}

Outcome<Address> provider_of_booking(Context& c, BookingId id) {
  const auto booking = load(c.state, id);
  if (!booking) return revert<"BookingNotFound">(id);
  if (booking->customer != c.caller) return revert<"NotBookingCustomer">(id, c.caller);
  const BookingState state = state_of(*booking, existing_provider(c, booking->provider).liveness, c.now());
  if (state != BookingState::active) return revert<"WrongBookingState">(id, state);
  return booking->provider;
}

Outcome<Address> provider_of_target(Context& c, const Job& job) {
  switch (job.target_kind) {
    case JobTarget::service:
      return provider_of_service(c, ServiceId{job.target});
    case JobTarget::booking:
      return provider_of_booking(c, BookingId{job.target});
    case JobTarget::anyone:
      break;
  }
  MARKET_TRY(check_range("targetId", job.target, 0, 0));
  return Address{};
}

// The job in its present state, which must be that one.
Outcome<Job> find_in_state(Context& c, JobId id, JobState wanted) {
  auto job = load(c.state, id);
  if (!job) return revert<"JobNotFound">(id);
  const JobState state = state_of(*job, c.now());
  if (state != wanted) return revert<"WrongJobState">(id, state);
  return *std::move(job);
}

Outcome<Job> find_running_of_caller(Context& c, JobId id) {
  MARKET_ASSIGN(Job job, find_in_state(c, id, JobState::running));
  if (job.provider != c.caller) return revert<"NotJobProvider">(id, c.caller);
  return job;
}

// Ends the job at `at`; `gross` is earned, the rest of the payment goes back. Its deadline must have been
// taken out.
void finish_job(Context& c, Job& job, JobState state, Seconds at, Amount gross) {
  Closing closing{{}, {}, job.payment};
  if (gross.is_zero()) {
    pay(c, job.customer, job.payment);
  } else {
    Provider provider = existing_provider(c, job.provider);
    closing = close_lock(c, provider, job.customer, job.payment, {gross, {}}, job.rates);
    ++provider.completed_jobs;
    save(c, provider);
  }
  job.state = state;
  job.closed_at = at;
  job.paid = closing.paid;
  job.fee = closing.fee;
  job.refund = closing.refund;
  --c.totals.open_jobs;
  save(c, job);
  emit<"JobClosed">(c.logs, job.id, job.customer, job.provider, state, job.result.digest, job.paid, job.fee,
                    job.refund);
}

}  // namespace

Outcome<JobId> submit_job(Context& c, const JobSpec& spec, Amount payment, std::uint8_t target_kind,
                          std::uint64_t target, Seconds ttl) {
  MARKET_TRY(check_spec(spec));
  MARKET_TRY(check_range("payment", payment, Amount(1), Amount::max()));
  MARKET_TRY(check_range("ttl", ttl, 0, c.params.max_job_ttl));
  if (target_kind >= enum_names(JobTarget{}).size()) return revert<"UnknownTargetKind">(target_kind);
  Job job;
  job.customer = c.caller;
  job.target_kind = static_cast<JobTarget>(target_kind);
  job.target = target;
  MARKET_ASSIGN(job.provider, provider_of_target(c, job));
  MARKET_TRY(lock(c, payment));
  job.id = JobId{take_id(c.state, Kind::job)};
  job.spec = spec;
  job.payment = payment;
  job.rates = current_rates(c.params);
  job.created_at = c.now();
  job.expires_at = c.now() + (ttl == 0 ? c.params.default_job_ttl : ttl);
  schedule(c, job.expires_at, Kind::job, job.id.value);
  ++c.totals.open_jobs;
  save(c, job);
  emit<"JobSubmitted">(c.logs, job.id, job.customer, job.provider, spec.type, payment, job.expires_at);
  return job.id;
}

Outcome<void> start_job(Context& c, JobId id) {
  MARKET_ASSIGN(Job job, find_in_state(c, id, JobState::queued));
  if (job.target_kind == JobTarget::anyone) {
    if (job.customer == c.caller) return revert<"OwnJob">(id);
    MARKET_TRY(get_provider(c, c.caller));
    job.provider = c.caller;
  } else if (job.provider != c.caller) {
    return revert<"NotJobProvider">(id, c.caller);
  }
  job.state = JobState::running;
  job.started_at = c.now();
  save(c, job);
  emit<"JobStarted">(c.logs, id, job.customer, job.provider);
  return {};
}

Outcome<void> complete_job(Context& c, JobId id, const JobResult& result) {
  MARKET_TRY(check_text("uri", result.uri, kMaxUri));
  if (result.inline_data.size() > kMaxInline) return revert<"TextTooLong">("inlineData", kMaxInline);
  MARKET_TRY(check_range("units", result.units, 0, kMaxUnits));
  MARKET_ASSIGN(Job job, find_running_of_caller(c, id));
  unschedule(c, job.expires_at, Kind::job, id.value);
  job.result = result;
  finish_job(c, job, JobState::completed, c.now(), job.payment);
  return {};
}

Outcome<void> fail_job(Context& c, JobId id, const std::string& reason) {
  MARKET_TRY(check_text("reason", reason, kMaxReason));
  MARKET_ASSIGN(Job job, find_running_of_caller(c, id));
  unschedule(c, job.expires_at, Kind::job, id.value);
  job.failure = reason;
  finish_job(c, job, JobState::failed, c.now(), {});
  return {};
}

Outcome<void> cancel_job(Context& c, JobId id) {
  MARKET_ASSIGN(Job job, find_in_state(c, id, JobState::queued));
  if (job.customer != c.caller) return revert<"NotJobCustomer">(id, c.caller);
  unschedule(c, job.expires_at, Kind::job, id.value);
  finish_job(c, job, JobState::canceled, c.now(), {});
  return {};
}

void job_due(Context& c, JobId id) {
  auto job = load(c.state, id);
  AITBC_CHECK(job && deadline_of(*job), "a closed job has a deadline");
  finish_job(c, *job, JobState::expired, job->expires_at, {});
}

Outcome<JobView> get_job(Context& c, JobId id) {
  auto job = load(c.state, id);
  if (!job) return revert<"JobNotFound">(id);
  const JobState state = state_of(*job, c.now());
  return JobView{*std::move(job), state};
}

}  // namespace aitbc::market
