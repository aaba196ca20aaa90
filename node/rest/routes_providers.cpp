// Providers, what is staked on them, and disputes with them.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::DisputeId;

// ---- providers

constexpr std::array kProvider{
    OutField{"address", "account", Form::text, "of the provider"},
    OutField{"name", "name", Form::text, "for people"},
    OutField{"region", "region", Form::text, "where it is"},
    OutField{"endpoint", "endpoint", Form::text, "where it can be reached"},
    OutField{"created_at", "createdAt", Form::time, "when it registered"},
    OutField{"gpus", "gpus", Form::integer, "registered and not retired"},
    OutField{"listed_gpus", "listedGpus", Form::integer, "on the market"},
    OutField{"staked", "staked", Form::amount, "AIT in its pool"},
    OutField{"active_stake", "activeStake", Form::amount, "AIT that is not on its way out"},
    OutField{"staker_count", "stakers", Form::integer, "accounts with stake"},
    OutField{"closed_bookings", "closedBookings", Form::integer, "so far"},
    OutField{"faulted_bookings", "faultedBookings", Form::integer, "of them, by its silence"},
    OutField{"completed_jobs", "completedJobs", Form::integer, "so far"},
    OutField{"earned", "earned", Form::amount, "AIT, fees deducted"},
    OutField{"average_rating", "averageRating", Form::number, "of its reviews", true},
    OutField{"total_reviews", "reviews", Form::integer, "that count"},
};
constexpr Shape kProviderShape{"Provider", kProvider};
constexpr std::array kRegistered{
    OutField{"address", "provider", Form::text, "of the provider"},
    OutField{"status", "registered", Form::constant, "registered"},
};
constexpr Shape kRegisteredShape{"ProviderRegistered", kRegistered};

struct ListProviders : QueryInput {
  std::optional<std::uint64_t> limit;
  std::optional<std::string> cursor;
  static constexpr auto kFields =
      std::tuple(input("limit", &ListProviders::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListProviders::cursor, "X-Next-Cursor of the page before"));
};
struct RegisterProvider : BodyInput {
  std::string name;
  std::optional<std::string> region, endpoint;
  static constexpr auto kFields =
      std::tuple(input("name", &RegisterProvider::name, "for people", {1, 128, {}}),
                 input("region", &RegisterProvider::region, "where it is", {0, 32, {}}),
                 input("endpoint", &RegisterProvider::endpoint, "where it can be reached", {0, 256, {}}));
};

RestResult<Page> get_by_address(const RestBackend& backend, const Address& account) {
  REST_ASSIGN(Answer record,
              ask(backend, "market_getProvider", Params().text("account", hex::checksummed(account))));
  return Page{std::move(record), {}, {}};
}

void register_providers(Registry& registry) {
  registry.read(
      {"list_providers", "GET", "/v1/providers", "providers", "Providers", &kProviderShape, 200, true, {400}},
      [](const RestBackend& backend, const ListProviders& query) {
        return ask_page(backend, "market_listProviders", Params(), query.limit, query.cursor);
      });
  registry.read(
      {"get_provider",
       "GET",
       "/v1/providers/{address}",
       "providers",
       "A provider",
       &kProviderShape,
       200,
       false,
       {404}},
      [](const RestBackend& backend, const Address& account) { return get_by_address(backend, account); });
  registry.write(
      {"register_provider",
       "POST",
       "/v1/providers",
       "providers",
       "Makes the caller a provider",
       &kRegisteredShape,
       201,
       false,
       {409}},
      {"registerProvider"},
      [](const RestBackend&, const RegisterProvider& body) -> RestResult<Plan> {
        return Plan{"registerProvider", Params()
                                            .text("name", body.name)
                                            .text("region", body.region.value_or(""))
                                            .text("endpoint", body.endpoint.value_or(""))
                                            .json()};
      },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("ProviderRegistered");
      });
}

// ---- staking

constexpr std::array kStake{
    OutField{"staked", "staked", Form::amount, "AIT"},
    OutField{"rewards", "rewards", Form::amount, "AIT that can be claimed"},
};
constexpr Shape kStakeShape{"Stake", kStake};
constexpr std::array kStaked{
    OutField{"provider", "provider", Form::text, "address"},
    OutField{"staker", "staker", Form::text, "address"},
    OutField{"amount", "amount", Form::amount, "AIT"},
};
constexpr Shape kStakedShape{"Staked", kStaked};
constexpr std::array kUnstaking{
    OutField{"provider", "provider", Form::text, "address"},
    OutField{"staker", "staker", Form::text, "address"},
    OutField{"amount", "amount", Form::amount, "AIT"},
    OutField{"available_at", "availableAt", Form::time, "when it arrives, by itself"},
};
constexpr Shape kUnstakingShape{"Unstaking", kUnstaking};

struct Stake : BodyInput {
  Address provider;
  Ait amount;
  static constexpr auto kFields =
      std::tuple(input("provider", &Stake::provider, "address"), input("amount", &Stake::amount, "AIT"));
};
struct Claim : BodyInput {
  Address provider;
  static constexpr auto kFields = std::tuple(input("provider", &Claim::provider, "address"));
};

void register_stake_change(Registry& registry, const Describe& about, std::string call, std::string event) {
  registry.write(
      about, {call},
      [call](const RestBackend&, const Stake& body) -> RestResult<Plan> {
        return Plan{call, Params()
                              .text("provider", hex::checksummed(body.provider))
                              .amount("amount", body.amount.value)
                              .json()};
      },
      [event](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event(event);
      });
}

void register_staking(Registry& registry) {
  registry.read(
      {"get_stake",
       "GET",
       "/v1/staking/{provider}/{staker}",
       "staking",
       "What an account has staked on a provider",
       &kStakeShape,
       200,
       false,
       {404}},
      [](const RestBackend& backend, const Address& provider, const Address& staker) -> RestResult<Page> {
        Params params;
        params.text("provider", hex::checksummed(provider)).text("staker", hex::checksummed(staker));
        REST_ASSIGN(Answer stake, ask(backend, "market_getStake", params));
        return Page{std::move(stake), {}, {}};
      });
  register_stake_change(
      registry,
      {"stake", "POST", "/v1/staking/stake", "staking", "Locks AIT in a provider's pool", &kStakedShape, 201},
      "stake", "Staked");
  register_stake_change(registry,
                        {"unstake",
                         "POST",
                         "/v1/staking/unstake",
                         "staking",
                         "Takes AIT out; it arrives after the unbonding time",
                         &kUnstakingShape,
                         200,
                         false,
                         {404}},
                        "unstake", "UnstakeStarted");
  registry.write(
      {"claim_rewards",
       "POST",
       "/v1/staking/claim",
       "staking",
       "Pays out the caller's share of the fees",
       &kStakedShape,
       200,
       false,
       {404}},
      {"claimRewards"},
      [](const RestBackend&, const Claim& body) -> RestResult<Plan> {
        return Plan{"claimRewards", Params().text("provider", hex::checksummed(body.provider)).json()};
      },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("RewardsClaimed");
      });
}

// ---- disputes

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

void register_disputes(Registry& registry) {
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
                [](const RestBackend& backend, DisputeId id) -> RestResult<Page> {
                  REST_ASSIGN(Answer record,
                              ask(backend, "market_getDispute", Params().text("id", to_text(id))));
                  return Page{std::move(record), {}, {}};
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
        REST_TRY(ask(backend, "market_getDispute", Params().text("id", to_text(id))));
        return Plan{"voteDispute",
                    Params().text("disputeId", to_text(id)).number("customerBps", body.customer_bps).json()};
      },
      [](const RestBackend&, DisputeId id, const market::Decoded& call) -> RestResult<Finish> {
        REST_TRY(same_id(call, "disputeId", to_text(id)));
        return with_event("DisputeVoted");
      });
}

}  // namespace

void register_provider_routes(Registry& registry) {
  register_providers(registry);
  register_staking(registry);
  register_disputes(registry);
}

}  // namespace aitbc::rest
