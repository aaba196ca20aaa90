// Disputes about bookings and services.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::DisputeId;

constexpr std::array kDispute{
    OutField{"id", "id", Form::text, "id of the dispute"},
    OutField{"subject_kind", "subjectKind", Form::text, "booking or service"},
    OutField{"subject_id", "subjectId", Form::text, "what it is about"},
    OutField{"customer", "customer", Form::text, "address"},
    OutField{"provider", "provider", Form::text, "address"},
    OutField{"bond", "bond", Form::amount, "AIT that the customer put up"},
    OutField{"evidence_digest", "evidenceDigest", Form::text, "keccak256 of the evidence"},
    OutField{"evidence_uri", "evidenceUri", Form::text, "where it is"},
    OutField{"status", "state", Form::text, "open, decided or timed_out"},
    OutField{"opened_at", "openedAt", Form::time, "when it was opened"},
    OutField{"deadline", "deadline", Form::time, "when it is over at the latest"},
    OutField{"customer_share", "customerBps", Form::bps, "the verdict: 0 to 1 of what was contested"},
};
constexpr Shape kDisputeShape{"Dispute", kDispute};
constexpr std::array kOpened{
    OutField{"id", "disputeId", Form::text, "id of the dispute"},
    OutField{"contested", "contested", Form::amount, "AIT that are frozen"},
    OutField{"bond", "bond", Form::amount, "AIT put up"},
    OutField{"deadline", "deadline", Form::time, "when it is over at the latest"},
};
constexpr Shape kOpenedShape{"DisputeOpened", kOpened};
constexpr std::array kVoted{
    OutField{"id", "disputeId", Form::text, "id of the dispute"},
    OutField{"arbitrator", "arbitrator", Form::text, "address"},
    OutField{"customer_share", "customerBps", Form::bps, "0 to 1"},
};
constexpr Shape kVotedShape{"DisputeVoted", kVoted};

struct ListDisputes : QueryInput {
  std::optional<std::string> status, cursor;
  std::optional<Address> customer, provider;
  std::optional<std::uint64_t> limit;
  static constexpr auto kFields =
      std::tuple(input("status", &ListDisputes::status, "present state", {0, 16, "open|decided|timed_out"}),
                 input("customer", &ListDisputes::customer, "only of this customer"),
                 input("provider", &ListDisputes::provider, "only of this provider"),
                 input("limit", &ListDisputes::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListDisputes::cursor, "X-Next-Cursor of the page before"));
};
RestResult<Page> list_disputes(const RestBackend& backend, const ListDisputes& query) {
  Params params;
  if (query.status) params.text("state", *query.status);
  if (query.customer) params.text("customer", hex::checksummed(*query.customer));
  if (query.provider) params.text("provider", hex::checksummed(*query.provider));
  return ask_page(backend, "market_listDisputes", params.boolean("newestFirst", true), query.limit,
                  query.cursor);
}

struct OpenDispute : BodyInput {
  std::optional<market::BookingId> booking_id;
  std::optional<market::ServiceId> service_id;
  std::optional<Ait> contested, bond;
  std::optional<Hash> evidence_digest;
  std::optional<std::string> evidence_uri;
  static constexpr auto kFields = std::tuple(
      input("booking_id", &OpenDispute::booking_id, "what it is about"),
      input("service_id", &OpenDispute::service_id, "or this"),
      input("contested", &OpenDispute::contested, "AIT; all that the provider would get when left out"),
      input("bond", &OpenDispute::bond, "AIT; the least that is allowed when left out"),
      input("evidence_digest", &OpenDispute::evidence_digest, "keccak256 of the evidence"),
      input("evidence_uri", &OpenDispute::evidence_uri, "where it is", {0, 256, {}}));
};
RestResult<Plan> plan_dispute(const RestBackend& backend, const OpenDispute& body) {
  if (body.booking_id.has_value() == body.service_id.has_value())
    return refuse(422, "give one of booking_id and service_id");
  REST_ASSIGN(const Answer rules, ask(backend, "market_getParams", Params()));
  Params call;
  call.number("subjectKind", body.booking_id ? 0 : 1);
  call.number("subjectId", body.booking_id ? body.booking_id->value : body.service_id->value);
  call.amount("contested", body.contested ? body.contested->value : Amount());
  if (body.bond)
    call.amount("bond", body.bond->value);
  else
    call.raw("bond", rules.json().find("minDisputeBond").text());
  call.text("evidenceDigest", hex::encode_prefixed(body.evidence_digest.value_or(Hash{})));
  return Plan{"openDispute", call.text("evidenceUri", body.evidence_uri.value_or("")).json()};
}

struct VoteDispute : BodyInput {
  std::uint64_t customer_bps = 0;
  static constexpr auto kFields =
      std::tuple(input("customer_bps", &VoteDispute::customer_bps,
                       "the customer's share, in hundredths of a percent", {0, 10'000, {}}));
};

}  // namespace

void register_dispute_routes(Registry& registry) {
  registry.read(
      {"list_disputes",
       "GET",
       "/v1/marketplace/disputes",
       "disputes",
       "Disputes, newest first",
       &kDisputeShape,
       200,
       true,
       {400}},
      [](const RestBackend& backend, const ListDisputes& query) { return list_disputes(backend, query); });
  registry.read({"get_dispute",
                 "GET",
                 "/v1/marketplace/disputes/{dispute_id}",
                 "disputes",
                 "A dispute",
                 &kDisputeShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, DisputeId id) {
                  return record_page(backend, "market_getDispute", to_text(id));
                });
  registry.write(
      {"open_dispute",
       "POST",
       "/v1/marketplace/disputes",
       "disputes",
       "Ends the caller's booking or service and freezes what it contests",
       &kOpenedShape,
       201,
       false,
       {404, 409}},
      {"openDispute"},
      [](const RestBackend& backend, const OpenDispute& body) { return plan_dispute(backend, body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("DisputeOpened");
      });
  registry.write(
      {"vote_dispute",
       "POST",
       "/v1/marketplace/disputes/{dispute_id}/vote",
       "disputes",
       "By an arbitrator: the customer's share",
       &kVotedShape,
       200,
       false,
       {404, 409}},
      {"voteDispute"},
      [](const RestBackend& backend, DisputeId id, const VoteDispute& body) -> RestResult<Plan> {
        REST_TRY(ask_record(backend, "market_getDispute", to_text(id)));
        return Plan{"voteDispute",
                    Params().text("disputeId", to_text(id)).number("customerBps", body.customer_bps).json()};
      },
      [](const RestBackend&, DisputeId id, const market::Decoded& call) {
        return event_about(call, "disputeId", to_text(id), "DisputeVoted");
      });
}

}  // namespace aitbc::rest
