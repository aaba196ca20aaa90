#include "wallet/agent/job_desk.hpp"

#include <sys/wait.h>

#include <algorithm>

#include "wallet/agent/job_calls.hpp"
#include "wallet/agent/supervisor.hpp"
#include "wallet/files.hpp"

namespace aitbc::agent {
namespace {

using cli::Outcome;

constexpr std::uint64_t kRestart_ms = 1'000;  // between two attempts at least

std::string job_text(std::uint64_t id) { return id_text("job", id); }

// "job_5" of "complete job_5".
std::uint64_t id_behind(const std::string& purpose, std::string_view prefix) {
  const auto id = Uint256::from_decimal(purpose.substr(prefix.size()));
  return id && id->fits_u64() ? id->low_u64() : 0;
}

}  // namespace

std::string_view JobDesk::name_of(Stage stage) {
  switch (stage) {
    case Stage::waiting:
      return "waiting";
    case Stage::starting:
      return "starting";
    case Stage::refusing:
      return "refusing";
    case Stage::running:
      return "running";
    case Stage::posting:
      return "posting";
  }
  return "";
}

std::size_t JobDesk::in_hand() const {
  return static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), [](const auto& each) {
    return each.second.stage != Stage::waiting;
  }));
}

std::size_t JobDesk::busy() const {
  return static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), [](const auto& each) {
    return each.second.stage == Stage::running ||
           (each.second.stage == Stage::starting && each.second.refusal.empty());
  }));
}

std::vector<JobStatus> JobDesk::jobs() const {
  std::vector<JobStatus> out;
  for (const auto& [id, entry] : entries_)
    out.push_back({id, std::string(name_of(entry.stage)), entry.ticket.type});
  return out;
}

bool JobDesk::is_for_us(const JobView& job) const {
  if (job.ticket.customer == context_.account()) return false;
  if (job.provider == context_.account()) return true;
  return job.provider == Address{} && context_.config.policy.take_open_jobs;
}

Outcome<void> JobDesk::take_in() {
  AITBC_ASSIGN(const std::uint64_t newest, context_.chain.newest("market_listJobs"));
  if (newest < next_job_) return {};
  AITBC_ASSIGN(const std::vector<JobView> queued, context_.chain.jobs("queued", next_job_));
  for (const JobView& job : queued)
    if (is_for_us(job)) entries_.try_emplace(job.ticket.id, Entry{job.ticket, Stage::waiting, ""});
  next_job_ = newest + 1;
  return {};
}

Outcome<void> JobDesk::adopt(const JobView& job) {
  Entry entry{job.ticket, Stage::running, ""};
  if (folder(job.ticket.id).report()) entry.stage = Stage::posting;
  context_.log.info(entry.stage == Stage::posting        ? "found a finished job to post"
                    : folder(job.ticket.id).is_running() ? "found a job still running"
                                                         : "found a job whose run was cut off",
                    {{"job", job_text(job.ticket.id)}});
  entries_.insert_or_assign(job.ticket.id, std::move(entry));
  return {};
}

void JobDesk::note_delivery(const JobTicket& ticket, const std::string& state) {
  if (state == "completed" && ticket.target_kind == "service") to_deliver_[ticket.target] = ticket.id;
}

Outcome<void> JobDesk::resume_folder(const JobFolder& found) {
  AITBC_ASSIGN(const JobTicket ticket, found.ticket());
  if (const auto closing = found.closing()) {
    note_delivery(ticket, closing->state);
    return {};
  }
  AITBC_ASSIGN(const JobView job, context_.chain.job(ticket.id));
  if (job.state == "queued" || (job.state == "running" && job.provider == context_.account())) return {};
  return close({ticket, Stage::waiting, ""}, job.state, "closed while the agent was away");
}

void JobDesk::forget_old_results() const {
  const auto folders = JobFolder::all(context_.config.state_folder);
  if (!folders) return;
  const std::uint64_t now = cli::wall_clock_ms();
  for (const JobFolder& each : *folders) {
    const auto closing = each.closing();
    if (closing && now > closing->at_ms + context_.config.results.keep_seconds * 1'000) each.remove();
  }
}

Outcome<void> JobDesk::resume() {
  forget_old_results();

  AITBC_ASSIGN(const std::vector<JobFolder> folders, JobFolder::all(context_.config.state_folder));
  for (const JobFolder& each : folders) {
    AITBC_TRY(resume_folder(each));
  }
  // By the chain rather than by the folders: what is ours to run is run even if the folders were lost.
  AITBC_ASSIGN(const std::vector<JobView> running, context_.chain.jobs("running", 1));
  for (const JobView& job : running) {
    if (job.provider != context_.account()) continue;
    AITBC_TRY(adopt(job));
  }
  return take_in();
}

Outcome<void> JobDesk::tick(const HeadView& head, bool take_new) {
  AITBC_TRY(take_in());
  for (auto each = entries_.begin(); each != entries_.end();) {
    AITBC_ASSIGN(const bool goes_on, step(each->second, head, take_new));
    each = goes_on ? std::next(each) : entries_.erase(each);
  }
  for (auto each = to_deliver_.begin(); each != to_deliver_.end();) {
    const std::uint64_t service = (each++)->first;
    AITBC_TRY(deliver(service));
  }
  return {};
}

Outcome<bool> JobDesk::step(Entry& entry, const HeadView& head, bool take_new) {
  switch (entry.stage) {
    case Stage::waiting:
      return take_new ? begin(entry, head) : true;
    case Stage::starting:
      return true;  // on_sent() goes on
    case Stage::refusing:
      return refuse(entry);
    case Stage::running:
      return watch(entry);
    case Stage::posting:
      return post(entry);
  }
  return false;
}

Outcome<bool> JobDesk::begin(Entry& entry, const HeadView& head) {
  const JobTicket& ticket = entry.ticket;
  if (!is_worth_beginning(context_.config.policy, ticket, head.timestamp)) {
    context_.log.info("left a job that expires too soon", {{"job", job_text(ticket.id)}});
    return false;
  }
  const auto refusal = refuse_job(context_.config.policy, ticket);
  if (refusal && ticket.target_kind == "anyone") {
    context_.log.info("left an open job: " + *refusal, {{"job", job_text(ticket.id)}});
    return false;
  }
  if (ticket.target_kind == "service") {
    AITBC_ASSIGN(const bool paid, pays_for_service(ticket));
    if (!paid) return false;
  }
  if (!refusal && busy() >= context_.config.policy.max_concurrent_jobs) return true;
  entry.refusal = refusal.value_or("");
  AITBC_ASSIGN(const bool sent,
               context_.send("start " + job_text(ticket.id), "startJob", job_argument(ticket.id)));
  if (!sent) return reconsider(entry);
  entry.stage = Stage::starting;
  return true;
}

// A service that nobody has taken can be ordered from by anyone: then the job has to pay for it. Answering a
// stranger's job would cost the provider money, so one that does not is left to expire.
Outcome<bool> JobDesk::pays_for_service(const JobTicket& ticket) {
  AITBC_ASSIGN(const ServiceView service, context_.chain.service(ticket.target));
  if (service.state != "open") return true;
  const bool paid = ticket.payment >= min_bid_of(context_.config, service.name, service.price) &&
                    !refuse_job(context_.config.policy, ticket);
  if (!paid)
    context_.log.info("left a job that does not pay for its service", {{"job", job_text(ticket.id)}});
  return paid;
}

Outcome<bool> JobDesk::reconsider(Entry& entry) {
  AITBC_ASSIGN(const JobView job, context_.chain.job(entry.ticket.id));
  const bool is_ours = job.provider == context_.account();
  if (job.state == "queued" && (is_ours || job.provider == Address{})) {
    entry.stage = Stage::waiting;
    return true;
  }
  if (job.state == "running" && is_ours) {
    if (entry.stage == Stage::posting || entry.stage == Stage::refusing) return true;
    return begin_run(entry);
  }
  if (folder(entry.ticket.id).report()) ++counts_.not_posted;
  AITBC_TRY(close(entry, job.state == "running" ? "lost" : job.state, "not ours to post any more"));
  return false;
}

Outcome<RunOrder> JobDesk::order_for(const JobTicket& ticket) {
  std::optional<std::pair<std::string, bool>> gpu;
  if (ticket.target_kind == "booking") {
    AITBC_ASSIGN(const std::uint64_t id, context_.chain.gpu_of_booking(ticket.target));
    if (const auto* own = presence_.find_gpu(id)) gpu = {own->device_id, own->is_detected};
  }
  RunOrder out = make_order(context_.config.job, folder(ticket.id), ticket, cli::wall_clock_ms());
  if (gpu) confine_to(out, gpu->first, gpu->second);
  return out;
}

// The chain says that the job is ours: from here on it is run once, whatever happens to this process.
Outcome<bool> JobDesk::begin_run(Entry& entry) {
  const JobFolder job = folder(entry.ticket.id);
  entry.stage = Stage::running;
  if (job.report() || job.is_running()) return true;
  const std::uint64_t attempts = job.attempts();
  if (attempts >= context_.config.policy.max_attempts) {
    AITBC_TRY(job.report({false, "this provider's machine failed while the job ran", {}, 0, 0}));
    return true;
  }
  AITBC_TRY(job.take(entry.ticket));
  AITBC_ASSIGN(const RunOrder order, order_for(entry.ticket));
  AITBC_TRY(job.order(order));
  AITBC_TRY(wallet::replace_file(job.input(), entry.ticket.prompt));
  AITBC_ASSIGN(entry.supervisor, start_supervisor(program_, job));
  entry.started_ms = context_.now_ms();
  context_.log.info("running a job", {{"job", job_text(entry.ticket.id)},
                                      {"type", entry.ticket.type},
                                      {"attempt", std::to_string(attempts + 1)}});
  return true;
}

Outcome<bool> JobDesk::watch(Entry& entry) {
  const JobFolder job = folder(entry.ticket.id);
  if (entry.supervisor != 0 && ::waitpid(entry.supervisor, nullptr, WNOHANG) == 0) return true;
  entry.supervisor = 0;
  if (!job.report()) {
    if (job.is_running() || context_.now_ms() - entry.started_ms < kRestart_ms) return true;
    // Asked again: the run may have ended between the two questions.
    if (!job.report()) return begin_run(entry);
  }
  entry.stage = Stage::posting;
  const RunReport outcome = *job.report();
  context_.log.info(outcome.succeeded ? "a job is done" : "a job failed: " + outcome.reason,
                    {{"job", job_text(entry.ticket.id)},
                     {"seconds", std::to_string(outcome.took_ms / 1'000)},
                     {"bytes", std::to_string(outcome.output_bytes)}});
  return post(entry);
}

Outcome<bool> JobDesk::refuse(Entry& entry) {
  const std::string purpose = "refuse " + job_text(entry.ticket.id);
  if (context_.sender.is_on_its_way(purpose)) return true;
  AITBC_ASSIGN(const bool sent,
               context_.send(purpose, "failJob", fail_arguments(entry.ticket.id, entry.refusal)));
  return sent ? Outcome<bool>(true) : reconsider(entry);
}

Outcome<bool> JobDesk::post(Entry& entry) {
  const std::string purpose = "post " + job_text(entry.ticket.id);
  if (context_.sender.is_on_its_way(purpose)) return true;
  AITBC_ASSIGN(const Posting posting,
               posting_of(context_.config.results, folder(entry.ticket.id), entry.ticket.id));
  AITBC_ASSIGN(const bool sent, context_.send(purpose, posting.call, posting.arguments));
  return sent ? Outcome<bool>(true) : reconsider(entry);
}

Outcome<void> JobDesk::close(const Entry& entry, const std::string& state, const std::string& note) {
  AITBC_TRY(folder(entry.ticket.id).take(entry.ticket));
  AITBC_TRY(folder(entry.ticket.id).close({state, note, cli::wall_clock_ms()}));
  folder(entry.ticket.id).clear_work();
  note_delivery(entry.ticket, state);
  context_.log.info("a job is closed",
                    {{"job", job_text(entry.ticket.id)}, {"state", state}, {"note", note}});
  return {};
}

Outcome<void> JobDesk::on_sent(const Sent& sent) {
  const bool succeeded = sent.receipt.succeeded;
  if (sent.purpose.starts_with("deliver svc_")) {
    if (succeeded) to_deliver_.erase(id_behind(sent.purpose, "deliver svc_"));
    return {};
  }
  const std::size_t at = sent.purpose.find(" job_");
  if (at == std::string::npos) return {};
  const auto found = entries_.find(id_behind(sent.purpose, sent.purpose.substr(0, at + 5)));
  if (found == entries_.end()) return {};
  Entry& entry = found->second;
  bool goes_on = true;
  if (!succeeded) {
    AITBC_ASSIGN(goes_on, reconsider(entry));
  } else if (entry.stage == Stage::starting && entry.refusal.empty()) {
    AITBC_ASSIGN(goes_on, begin_run(entry));
  } else if (entry.stage == Stage::starting) {
    entry.stage = Stage::refusing;
  } else {
    const std::string state = sent.event("JobClosed")["state"].text();
    ++(state == "completed" ? counts_.completed : counts_.failed);
    AITBC_TRY(close(entry, state, entry.refusal));
    goes_on = false;
  }
  if (!goes_on) entries_.erase(found);
  return {};
}

// The first result of a job on a service is its delivery.
Outcome<void> JobDesk::deliver(std::uint64_t service) {
  const std::string purpose = "deliver " + id_text("svc", service);
  if (context_.sender.is_on_its_way(purpose)) return {};
  AITBC_ASSIGN(const ServiceView now, context_.chain.service(service));
  const std::uint64_t job = to_deliver_.at(service);
  if (now.state != "assigned") {
    to_deliver_.erase(service);
    return {};
  }
  AITBC_ASSIGN(const std::string arguments,
               delivery_arguments(context_.config.results, folder(job), service, job));
  AITBC_ASSIGN(const bool sent, context_.send(purpose, "deliverService", arguments));
  if (sent) context_.log.info("delivering a service", {{"service_id", id_text("svc", service)}});
  return {};
}

}  // namespace aitbc::agent
