// Services that providers offer, and jobs that customers submit.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::JobId;
using market::ServiceId;

// ---- services

constexpr std::array kService{
    OutField{"id", "id", Form::text, "id of the service"},
    OutField{"provider", "provider", Form::text, "address of the provider"},
    OutField{"name", "name", Form::text, "for people"},
    OutField{"category", "category", Form::text, "id of the category"},
    OutField{"price", "price", Form::amount, "AIT asked"},
    OutField{"description", "description", Form::text, "for people"},
    OutField{"parameters", "parameters", Form::text, "as declared"},
    OutField{"status", "state", Form::text, "present state"},
    OutField{"created_at", "createdAt", Form::time, "when it was offered"},
    OutField{"deadline", "deadline", Form::time, "when its present state ends by itself", true},
    OutField{"customer", "customer", Form::text, "address; zero while it is open"},
    OutField{"locked", "locked", Form::amount, "AIT that the customer locked"},
    OutField{"result_uri", "resultUri", Form::text, "where the result is"},
    OutField{"paid", "paid", Form::amount, "AIT that the provider got"},
    OutField{"refund", "refund", Form::amount, "AIT that came back"},
};
constexpr Shape kServiceShape{"Service", kService};
constexpr std::array kServiceChanged{OutField{"id", "serviceId", Form::text, "id of the service"}};
constexpr Shape kServiceChangedShape{"ServiceChanged", kServiceChanged};
constexpr std::array kBidPlaced{OutField{"id", "bidId", Form::text, "id of the bid"}};
constexpr Shape kServiceBidShape{"ServiceBid", kBidPlaced};

struct ListServices : QueryInput {
  std::optional<std::string> query, category, status, cursor;
  std::optional<Address> provider, customer;
  std::optional<std::uint64_t> limit;
  static constexpr auto kFields =
      std::tuple(input("query", &ListServices::query, "words in name, description or category"),
                 input("category", &ListServices::category, "id of the category"),
                 input("provider", &ListServices::provider, "only of this provider"),
                 input("customer", &ListServices::customer, "only of this customer"),
                 input("status", &ListServices::status, "present state",
                       {0, 16, "open|assigned|delivered|settled|cancelled|expired|disputed|resolved"}),
                 input("limit", &ListServices::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListServices::cursor, "X-Next-Cursor of the page before"));
};

RestResult<Page> list_services(const RestBackend& backend, const ListServices& query) {
  Params params;
  if (query.query) params.text("query", *query.query);
  if (query.category) params.text("category", *query.category);
  if (query.status) params.text("state", *query.status);
  if (query.provider) params.text("provider", hex::checksummed(*query.provider));
  if (query.customer) params.text("customer", hex::checksummed(*query.customer));
  return ask_page(backend, "market_listServices", params, query.limit, query.cursor);
}

struct CreateService : BodyInput {
  std::string name;
  std::optional<std::string> category, description, parameters;
  Ait price;
  std::optional<std::uint64_t> delivery_seconds, lifetime_seconds;
  static constexpr auto kFields = std::tuple(
      input("name", &CreateService::name, "for people", {1, 128, {}}),
      input("category", &CreateService::category, "id; ai-inference when left out"),
      input("price", &CreateService::price, "AIT asked"),
      input("description", &CreateService::description, "for people", {0, 1024, {}}),
      input("parameters", &CreateService::parameters, "of the provider's own making", {0, 1024, {}}),
      input("delivery_seconds", &CreateService::delivery_seconds, "time for the work"),
      input("lifetime_seconds", &CreateService::lifetime_seconds, "how long it is offered"));
};

RestResult<Plan> plan_service(const CreateService& body) {
  Params spec;
  spec.text("name", body.name).text("category", body.category.value_or("ai-inference"));
  spec.amount("price", body.price.value).text("description", body.description.value_or(""));
  spec.text("parameters", body.parameters.value_or(""))
      .number("deliveryTime", body.delivery_seconds.value_or(0));
  return Plan{"createService",
              Params().raw("spec", spec.number("lifetime", body.lifetime_seconds.value_or(0)).json()).json()};
}

struct BidOnService : BodyInput {
  Ait price;
  std::optional<std::string> notes;
  std::optional<std::uint64_t> ttl_seconds;
  static constexpr auto kFields = std::tuple(
      input("price", &BidOnService::price, "AIT, locked until the bid is closed"),
      input("notes", &BidOnService::notes, "in words", {0, 1024, {}}),
      input("ttl_seconds", &BidOnService::ttl_seconds, "how long the bid stands", {1, 31'536'000, {}}));
};
RestResult<Plan> plan_service_bid(const RestBackend& backend, ServiceId id, const BidOnService& body) {
  REST_TRY(ask(backend, "market_getService", Params().text("id", to_text(id))));
  Params call;
  call.number("targetKind", 1)
      .number("targetId", id.value)
      .amount("amount", body.price.value)
      .number("capacity", 1);
  call.number("duration", 0)
      .text("notes", body.notes.value_or(""))
      .number("ttl", body.ttl_seconds.value_or(0));
  return Plan{"placeBid", call.json()};
}

struct Deliver : BodyInput {
  std::optional<Hash> result_digest;
  std::optional<std::string> result_uri;
  static constexpr auto kFields =
      std::tuple(input("result_digest", &Deliver::result_digest, "keccak256 of the result"),
                 input("result_uri", &Deliver::result_uri, "where it is", {0, 256, {}}));
};
RestResult<Plan> plan_delivery(ServiceId id, const Deliver& body) {
  Params call;
  call.text("serviceId", to_text(id));
  call.text("resultDigest", hex::encode_prefixed(body.result_digest.value_or(Hash{})));
  return Plan{"deliverService", call.text("resultUri", body.result_uri.value_or("")).json()};
}

RestResult<Finish> about_service(ServiceId id, const market::Decoded& call, const char* event) {
  REST_TRY(same_id(call, "serviceId", to_text(id)));
  return with_event(event);
}

void register_service_action(Registry& registry, const Describe& about, std::string call) {
  registry.write(
      about, {call},
      [call](const RestBackend& backend, ServiceId id) -> RestResult<Plan> {
        REST_TRY(ask(backend, "market_getService", Params().text("id", to_text(id))));
        return Plan{call, Params().text("serviceId", to_text(id)).json()};
      },
      [](const RestBackend&, ServiceId id, const market::Decoded& decoded) {
        return about_service(id, decoded, "ServiceClosed");
      });
}

// ---- jobs

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

RestResult<Page> get_record(const RestBackend& backend, std::string_view method, const std::string& id) {
  REST_ASSIGN(Answer record, ask(backend, method, Params().text("id", id)));
  return Page{std::move(record), {}, {}};
}

void register_services(Registry& registry) {
  registry.read(
      {"list_services",
       "GET",
       "/v1/marketplace/services",
       "services",
       "Services that pass every filter",
       &kServiceShape,
       200,
       true,
       {400}},
      [](const RestBackend& backend, const ListServices& query) { return list_services(backend, query); });
  registry.read({"get_service",
                 "GET",
                 "/v1/marketplace/services/{service_id}",
                 "services",
                 "A service",
                 &kServiceShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, ServiceId id) {
                  return get_record(backend, "market_getService", to_text(id));
                });
  registry.write(
      {"create_service", "POST", "/v1/marketplace/services", "services", "Offers a service",
       &kServiceChangedShape, 201},
      {"createService"}, [](const RestBackend&, const CreateService& body) { return plan_service(body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("ServiceCreated");
      });
  registry.write(
      {"bid_on_service",
       "POST",
       "/v1/marketplace/services/{service_id}/bids",
       "services",
       "Bids on a service and locks the price",
       &kServiceBidShape,
       202,
       false,
       {404, 409}},
      {"placeBid"},
      [](const RestBackend& backend, ServiceId id, const BidOnService& body) {
        return plan_service_bid(backend, id, body);
      },
      [](const RestBackend&, ServiceId, const market::Decoded&) -> RestResult<Finish> {
        return with_event("BidPlaced");
      });
  registry.write(
      {"deliver_service",
       "POST",
       "/v1/marketplace/services/{service_id}/deliver",
       "services",
       "By the provider: the work is done",
       &kServiceChangedShape,
       200,
       false,
       {404, 409}},
      {"deliverService"},
      [](const RestBackend&, ServiceId id, const Deliver& body) { return plan_delivery(id, body); },
      [](const RestBackend&, ServiceId id, const market::Decoded& call) {
        return about_service(id, call, "ServiceDelivered");
      });
  register_service_action(registry,
                          {"settle_service",
                           "POST",
                           "/v1/marketplace/services/{service_id}/settle",
                           "services",
                           "By the customer: pays the provider now",
                           &kServiceChangedShape,
                           200,
                           false,
                           {404, 409}},
                          "settlePayment");
  register_service_action(registry,
                          {"close_service",
                           "POST",
                           "/v1/marketplace/services/{service_id}/close",
                           "services",
                           "By the provider: withdraws a service",
                           &kServiceChangedShape,
                           200,
                           false,
                           {404, 409}},
                          "closeService");
}

void register_jobs(Registry& registry) {
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
  registry.read(
      {"get_job", "GET", "/v1/jobs/{job_id}", "jobs", "A job", &kJobShape, 200, false, {404}},
      [](const RestBackend& backend, JobId id) { return get_record(backend, "market_getJob", to_text(id)); });
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
                  REST_ASSIGN(const Page job, get_record(backend, "market_getJob", to_text(id)));
                  const std::string_view state = job.source.json().find("state").string();
                  if (state != "completed") return refuse(409, to_text(id) + " is " + std::string(state));
                  return Page{Answer::parse(job.source.json().find("result").text()), {}, {}};
                });
  registry.write(
      {"cancel_job",
       "POST",
       "/v1/jobs/{job_id}/cancel",
       "jobs",
       "By the customer, before anybody began",
       &kJobCancelledShape,
       200,
       false,
       {404, 409}},
      {"cancelJob"},
      [](const RestBackend& backend, JobId id) -> RestResult<Plan> {
        REST_TRY(ask(backend, "market_getJob", Params().text("id", to_text(id))));
        return Plan{"cancelJob", Params().text("jobId", to_text(id)).json()};
      },
      [](const RestBackend&, JobId id, const market::Decoded& call) -> RestResult<Finish> {
        REST_TRY(same_id(call, "jobId", to_text(id)));
        return with_event("JobClosed");
      });
}

}  // namespace

void register_service_routes(Registry& registry) {
  register_services(registry);
  register_jobs(registry);
}

}  // namespace aitbc::rest
