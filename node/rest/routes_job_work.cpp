// Jobs, as providers see them: start, complete or fail, and what the network mints for attested work.
#include <array>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "node/rest/routes.hpp"
#include "node/rest/simulation.hpp"
#include "node/rest/spec_writer.hpp"

namespace aitbc::rest {
namespace {

using market::JobId;

constexpr std::array kStarted{
    OutField{"job_id", "jobId", Form::text, "id of the job"},
    OutField{"state", "RUNNING", Form::constant, "RUNNING"},
};
constexpr Shape kStartedShape{"JobStarted", kStarted};
constexpr std::array kFinished{
    OutField{"job_id", "jobId", Form::text, "id of the job"},
    OutField{"state", "state", Form::upper, "COMPLETED or FAILED"},
    OutField{"paid", "paid", Form::amount, "AIT that the provider got"},
    OutField{"fee", "fee", Form::amount, "AIT that the market took"},
    OutField{"refund", "refund", Form::amount, "AIT that came back to the customer"},
};
constexpr Shape kFinishedShape{"JobFinished", kFinished};
constexpr std::array kReceipt{
    OutField{"job_id", "id", Form::text, "id of the job"},
    OutField{"digest", "digest", Form::text, "what the provider and the coordinators sign"},
};
constexpr Shape kReceiptShape{"JobReceipt", kReceipt};
constexpr std::array kClaimed{
    OutField{"job_id", "jobId", Form::text, "id of the job"},
    OutField{"units", "units", Form::integer, "of attested work"},
    OutField{"minted", "minted", Form::amount, "AIT in all"},
    OutField{"to_coordinators", "toCoordinators", Form::amount, "AIT of them"},
};
constexpr Shape kClaimedShape{"ReceiptClaimed", kClaimed};

struct CompleteJob : BodyInput {
  std::optional<Bytes> result_data;
  std::optional<std::string> result_uri;
  std::optional<Hash> result_digest;
  std::optional<std::uint64_t> units;
  static constexpr auto kFields = std::tuple(
      input("result_data", &CompleteJob::result_data, "the result itself when it is small, 0x hex",
            {0, 4096, {}}),
      input("result_uri", &CompleteJob::result_uri, "where it is", {0, 256, {}}),
      input("result_digest", &CompleteJob::result_digest, "keccak256 of it; of result_data when left out"),
      input("units", &CompleteJob::units, "of work done"));
};
RestResult<Plan> plan_completion(const RestBackend& backend, JobId id, const CompleteJob& body) {
  REST_TRY(ask_record(backend, "market_getJob", to_text(id)));
  const Bytes data = body.result_data.value_or(Bytes());
  const Hash digest = body.result_digest.value_or(data.empty() ? Hash{} : keccak256(data));
  Params result;
  result.text("digest", hex::encode_prefixed(digest)).text("uri", body.result_uri.value_or(""));
  result.text("inlineData", hex::encode_prefixed(data)).number("units", body.units.value_or(0));
  return Plan{"completeJob", Params().text("jobId", to_text(id)).raw("result", result.json()).json()};
}

struct FailJob : BodyInput {
  std::string reason;
  static constexpr auto kFields = std::tuple(input("reason", &FailJob::reason, "in words", {1, 256, {}}));
};

struct ClaimReceipt : BodyInput {
  Bytes provider_signature;
  std::vector<std::string> attestations;
  static constexpr auto kFields = std::tuple(
      input("provider_signature", &ClaimReceipt::provider_signature, "of the digest, 65 bytes", {65, 65, {}}),
      input("attestations", &ClaimReceipt::attestations,
            "coordinators' signatures of it, ascending by signer"));
};
RestResult<Plan> plan_claim(const RestBackend& backend, JobId id, const ClaimReceipt& body) {
  REST_TRY(ask_record(backend, "market_getJob", to_text(id)));
  Params call;
  call.text("jobId", to_text(id));
  call.text("providerSignature", hex::encode_prefixed(body.provider_signature));
  return Plan{"claimReceipt", call.raw("attestations", json_of(body.attestations)).json()};
}

RestResult<Page> get_receipt(const RestBackend& backend, JobId id) {
  REST_ASSIGN(const Answer digest, ask_view(backend, "receiptDigest", Params().text("jobId", to_text(id))));
  return Page{Answer::parse(Params().text("id", to_text(id)).raw("digest", digest.text()).json()), {}, {}};
}

void register_ends(Registry& registry) {
  registry.write(
      {"complete_job",
       "POST",
       "/v1/jobs/{job_id}/complete",
       "jobs",
       "By the provider: delivers the result and is paid",
       &kFinishedShape,
       200,
       false,
       {404, 409}},
      {"completeJob"},
      [](const RestBackend& backend, JobId id, const CompleteJob& body) {
        return plan_completion(backend, id, body);
      },
      [](const RestBackend&, JobId id, const market::Decoded& call) {
        return event_about(call, "jobId", to_text(id), "JobClosed");
      });
  registry.write(
      {"fail_job",
       "POST",
       "/v1/jobs/{job_id}/fail",
       "jobs",
       "By the provider: gives up; the customer is refunded",
       &kFinishedShape,
       200,
       false,
       {404, 409}},
      {"failJob"},
      [](const RestBackend& backend, JobId id, const FailJob& body) -> RestResult<Plan> {
        REST_TRY(ask_record(backend, "market_getJob", to_text(id)));
        return Plan{"failJob", Params().text("jobId", to_text(id)).text("reason", body.reason).json()};
      },
      [](const RestBackend&, JobId id, const market::Decoded& call) {
        return event_about(call, "jobId", to_text(id), "JobClosed");
      });
}

}  // namespace

void register_job_work_routes(Registry& registry) {
  register_id_call<JobId>(registry,
                          {"start_job",
                           "POST",
                           "/v1/jobs/{job_id}/start",
                           "jobs",
                           "By the provider: runs a queued job",
                           &kStartedShape,
                           200,
                           false,
                           {404, 409}},
                          {"startJob", "jobId", "market_getJob", "JobStarted"});
  register_ends(registry);
  registry.read({"get_job_receipt",
                 "GET",
                 "/v1/jobs/{job_id}/receipt",
                 "jobs",
                 "What is signed to attest a completed job",
                 &kReceiptShape,
                 200,
                 false,
                 {400, 404, 409}},
                [](const RestBackend& backend, JobId id) { return get_receipt(backend, id); });
  registry.write(
      {"claim_receipt",
       "POST",
       "/v1/jobs/{job_id}/receipt",
       "jobs",
       "Mints what a completed job's attested work is worth, once",
       &kClaimedShape,
       200,
       false,
       {404, 409}},
      {"claimReceipt"},
      [](const RestBackend& backend, JobId id, const ClaimReceipt& body) {
        return plan_claim(backend, id, body);
      },
      [](const RestBackend&, JobId id, const market::Decoded& call) {
        return event_about(call, "jobId", to_text(id), "ReceiptClaimed");
      });
}

}  // namespace aitbc::rest
