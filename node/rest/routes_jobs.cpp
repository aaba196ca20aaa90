// Jobs, as customers see them: work that is paid into escrow and comes back as a result.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::JobId;
using market::ServiceId;

constexpr std::array kJobResult{
    OutField{"digest", "digest", Form::text, "keccak256 of the result"},
    OutField{"uri", "uri", Form::text, "where it is; empty when it is here"},
    OutField{"data", "inlineData", Form::text, "the result itself when it is small, 0x hex"},
    OutField{"units", "units", Form::integer, "of work done"},
};
constexpr Shape kJobResultShape{"JobResult", kJobResult};
constexpr std::array kJob{
    OutField{"job_id", "id", Form::text, "id of the job"},
    OutField{"state", "state", Form::upper, "QUEUED, RUNNING, COMPLETED, FAILED, CANCELED or EXPIRED"},
    OutField{"assigned_miner_id", "provider", Form::text, "address; zero while nobody runs it"},
    OutField{"client_id", "customer", Form::text, "address of the customer"},
    OutField{"type", "type", Form::text, "inference, training, ..."},
    OutField{"model", "model", Form::text, "that is asked for"},
    OutField{"payment_amount", "payment", Form::amount, "AIT locked for it"},
    OutField{"requested_at", "createdAt", Form::time, "when it was submitted"},
    OutField{"started_at", "startedAt", Form::time, "when it began", true},
    OutField{"closed_at", "closedAt", Form::time, "when it was over", true},
    OutField{"expires_at", "expiresAt", Form::time, "when the money comes back at the latest"},
    OutField{"error", "failure", Form::text, "why it failed"},
    OutField{"result", "result", Form::object, "what came of it", false, &kJobResultShape},
    OutField{"paid", "paid", Form::amount, "AIT that the provider got"},
    OutField{"refund", "refund", Form::amount, "AIT that came back"},
};
constexpr Shape kJobShape{"Job", kJob};
constexpr std::array kJobSubmitted{
    OutField{"job_id", "jobId", Form::text, "id of the job"},
    OutField{"state", "QUEUED", Form::constant, "QUEUED"},
    OutField{"payment_amount", "payment", Form::amount, "AIT locked for it"},
    OutField{"expires_at", "expiresAt", Form::time, "when the money comes back at the latest"},
};
constexpr Shape kJobSubmittedShape{"JobSubmitted", kJobSubmitted};
constexpr std::array kJobCancelled{
    OutField{"job_id", "jobId", Form::text, "id of the job"},
    OutField{"state", "state", Form::upper, "CANCELED"},
    OutField{"refund", "refund", Form::amount, "AIT that came back"},
};
constexpr Shape kJobCancelledShape{"JobCancelled", kJobCancelled};

struct ListJobs : QueryInput {
  std::optional<std::string> state, type, cursor;
  std::optional<Address> customer, provider;
  std::optional<std::uint64_t> limit;
  static constexpr auto kFields =
      std::tuple(input("state", &ListJobs::state, "present state",
                       {0, 16, "queued|running|completed|failed|canceled|expired"}),
                 input("type", &ListJobs::type, "exact"),
                 input("customer", &ListJobs::customer, "only of this customer"),
                 input("provider", &ListJobs::provider, "only of this provider"),
                 input("limit", &ListJobs::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListJobs::cursor, "X-Next-Cursor of the page before"));
};
RestResult<Page> list_jobs(const RestBackend& backend, const ListJobs& query) {
  Params params;
  if (query.state) params.text("state", *query.state);
  if (query.type) params.text("type", *query.type);
  if (query.customer) params.text("customer", hex::checksummed(*query.customer));
  if (query.provider) params.text("provider", hex::checksummed(*query.provider));
  return ask_page(backend, "market_listJobs", params.boolean("newestFirst", true), query.limit, query.cursor);
}

struct SubmitJob : BodyInput {
  std::string type;
  std::optional<std::string> prompt, model, requirements, input_uri;
  std::optional<Hash> input_digest;
  Ait payment_amount;
  std::optional<ServiceId> service_id;
  std::optional<market::BookingId> booking_id;
  std::optional<std::uint64_t> ttl_seconds;
  static constexpr auto kFields = std::tuple(
      input("type", &SubmitJob::type, "inference, training, ...", {1, 32, {}}),
      input("prompt", &SubmitJob::prompt, "what is asked, when it is short", {0, 4096, {}}),
      input("model", &SubmitJob::model, "to be used", {0, 64, {}}),
      input("requirements", &SubmitJob::requirements, "in words", {0, 1024, {}}),
      input("input_uri", &SubmitJob::input_uri, "where larger input is", {0, 256, {}}),
      input("input_digest", &SubmitJob::input_digest, "keccak256 of it"),
      input("payment_amount", &SubmitJob::payment_amount, "AIT, locked until it is over"),
      input("service_id", &SubmitJob::service_id, "for the provider of this service"),
      input("booking_id", &SubmitJob::booking_id, "or of this booking; anyone when both are left out"),
      input("ttl_seconds", &SubmitJob::ttl_seconds, "time for it to be done", {1, 31'536'000, {}}));
};
RestResult<Plan> plan_job(const SubmitJob& body) {
  if (body.service_id && body.booking_id) return refuse(422, "give service_id or booking_id, not both");
  Params spec;
  spec.text("type", body.type).text("prompt", body.prompt.value_or(""));
  spec.text("inputDigest", hex::encode_prefixed(body.input_digest.value_or(Hash{})));
  spec.text("inputUri", body.input_uri.value_or("")).text("model", body.model.value_or(""));
  spec.text("requirements", body.requirements.value_or(""));
  Params call;
  call.raw("spec", spec.json()).amount("payment", body.payment_amount.value);
  call.number("targetKind", body.service_id ? 1 : body.booking_id ? 2 : 0);
  call.number("targetId", body.service_id   ? body.service_id->value
                          : body.booking_id ? body.booking_id->value
                                            : 0);
  return Plan{"submitJob", call.number("ttl", body.ttl_seconds.value_or(0)).json()};
}

}  // namespace

void register_job_routes(Registry& registry) {
  registry.write(
      {"submit_job",
       "POST",
       "/v1/jobs",
       "jobs",
       "Submits work and locks its payment",
       &kJobSubmittedShape,
       201,
       false,
       {404, 409}},
      {"submitJob"}, [](const RestBackend&, const SubmitJob& body) { return plan_job(body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("JobSubmitted");
      });
  registry.read({"list_jobs", "GET", "/v1/jobs", "jobs", "Jobs, newest first", &kJobShape, 200, true, {400}},
                [](const RestBackend& backend, const ListJobs& query) { return list_jobs(backend, query); });
  registry.read({"get_job", "GET", "/v1/jobs/{job_id}", "jobs", "A job", &kJobShape, 200, false, {404}},
                [](const RestBackend& backend, JobId id) {
                  return record_page(backend, "market_getJob", to_text(id));
                });
  registry.read({"get_job_result",
                 "GET",
                 "/v1/jobs/{job_id}/result",
                 "jobs",
                 "What came of a completed job",
                 &kJobResultShape,
                 200,
                 false,
                 {404, 409}},
                [](const RestBackend& backend, JobId id) -> RestResult<Page> {
                  REST_ASSIGN(const Answer job, ask_record(backend, "market_getJob", to_text(id)));
                  const std::string_view state = job.json().find("state").string();
                  if (state != "completed") return refuse(409, to_text(id) + " is " + std::string(state));
                  return Page{Answer::parse(job.json().find("result").text()), {}, {}};
                });
  register_id_call<JobId>(registry,
                          {"cancel_job",
                           "POST",
                           "/v1/jobs/{job_id}/cancel",
                           "jobs",
                           "By the customer, before anybody began",
                           &kJobCancelledShape,
                           200,
                           false,
                           {404, 409}},
                          {"cancelJob", "jobId", "market_getJob", "JobClosed"});
}

}  // namespace aitbc::rest
