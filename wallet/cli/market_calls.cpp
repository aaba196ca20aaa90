// Offers, providers, services, disputes, governance: each command is one call or one query.
#include <array>

#include "wallet/cli/call_commands.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/generic_view.hpp"
#include "wallet/cli/marketplace_groups.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

// ---- offers
constexpr CallArgument kCreateOffer[] = {
    {"--capacity", "capacity", Form::number, "Units of work at once", {}, "1", "spec"},
    {"--price", "price", Form::amount, "Per hour and unit, in AIT", {}, nullptr, "spec"},
    {"--sla", "sla", Form::text, "What is promised, such as 99.9%", {}, "", "spec"},
};
constexpr CallArgument kOfferId[] = {{"offer", "offerId", Form::id, "The offer's id", Kind::offer}};
constexpr CallArgument kSyncOffers[] = {
    {"--provider", "provider", Form::account, "Whose GPUs (address or wallet)"},
    {"--first-gpu", "firstGpuId", Form::id, "Begin with this GPU; sixteen are looked at", Kind::gpu, "0"},
};
constexpr const char* kOfferColumns[] = {"id",           "provider", "gpuId",    "state",
                                         "pricePerHour", "reserved", "createdAt"};
constexpr RecordFilter kOfferFilters[] = {
    {"--provider", "provider", "Only of this provider (wallet or address)", true},
    {"--status", "state", "open, reserved or closed"},
};

// ---- providers
constexpr CallArgument kProviderParticulars[] = {
    {"--name", "name", Form::text, "What customers see"},
    {"--region", "region", Form::text, "Where the GPUs stand", {}, ""},
    {"--endpoint", "endpoint", Form::text, "URI at which the provider's agent answers", {}, ""},
};
constexpr const char* kProviderColumns[] = {"account",    "name",   "region",        "gpus",
                                            "listedGpus", "staked", "averageRating", "earned"};

// ---- services
constexpr CallArgument kServiceId[] = {{"service", "serviceId", Form::id, "The service's id", Kind::service}};
constexpr CallArgument kUpdateService[] = {
    {"service", "serviceId", Form::id, "The service's id", Kind::service},
    {"--name", "name", Form::text, "What customers see", {}, nullptr, "spec"},
    {"--type", "category", Form::text, "Category", {}, nullptr, "spec"},
    {"--price", "price", Form::amount, "Asked for all of it, in AIT", {}, nullptr, "spec"},
    {"--description", "description", Form::text, "At most 1024 bytes", {}, "", "spec"},
    {"--parameters", "parameters", Form::text, "KEY:VALUE,...", {}, "", "spec"},
    {"--delivery-hours", "deliveryTime", Form::hours, "From acceptance to delivery", {}, "0", "spec"},
    {"--listing-hours", "lifetime", Form::hours, "How long it is offered", {}, "0", "spec"},
};
constexpr CallArgument kDeliver[] = {
    {"service", "serviceId", Form::id, "The service's id", Kind::service},
    {"--result-digest", "resultDigest", Form::digest, "Keccak-256 of the result", {}, ""},
    {"--result-uri", "resultUri", Form::text, "Where the customer gets it", {}, ""},
};
constexpr const char* kServiceColumns[] = {"id",    "name",     "category", "price",
                                           "state", "provider", "customer"};
constexpr RecordFilter kServiceFilters[] = {
    {"--query", "query", "Words in name, description or category"},
    {"--type", "category", "Only of this category"},
    {"--status", "state", "open, assigned, delivered, settled, ..."},
    {"--provider", "provider", "Only of this provider (wallet or address)", true},
    {"--customer", "customer", "Only of this customer (wallet or address)", true},
};

// ---- disputes
// The subject is a booking or a service: `kind` is how the chain numbers that.
constexpr std::array<CallArgument, 6> open_dispute_arguments(const char* subject, const char* help,
                                                             Kind id_kind, const char* kind) {
  return {{
      {subject, "subjectId", Form::id, help, id_kind},
      {"--contested",
       "contested",
       Form::amount,
       "Of what the provider would get, in AIT; 0: all of it",
       {},
       "0"},
      {"--bond", "bond", Form::amount, "Lost if the arbitrators find nothing in it, in AIT", {}, "1"},
      {"--evidence-digest", "evidenceDigest", Form::digest, "Keccak-256 of the evidence", {}, ""},
      {"--evidence-uri", "evidenceUri", Form::text, "Where arbitrators get it", {}, ""},
      {nullptr, "subjectKind", Form::number, "", {}, kind},
  }};
}
constexpr auto kOpenBookingDispute =
    open_dispute_arguments("booking", "The booking's id", Kind::booking, "0");
constexpr auto kOpenServiceDispute =
    open_dispute_arguments("service", "The service's id", Kind::service, "1");
constexpr CallArgument kVoteDispute[] = {
    {"dispute", "disputeId", Form::id, "The dispute's id", Kind::dispute},
    {"--customer-percent", "customerBps", Form::percent, "The customer's share of what is contested"},
};
constexpr const char* kDisputeColumns[] = {"id",       "subjectId", "state",   "customer",
                                           "provider", "bond",      "deadline"};
constexpr RecordFilter kDisputeFilters[] = {
    {"--customer", "customer", "Only of this customer (wallet or address)", true},
    {"--provider", "provider", "Only of this provider (wallet or address)", true},
    {"--status", "state", "open, decided or timed_out"},
};

// ---- governance
constexpr CallArgument kProposeNumber[] = {
    {"subject", "subject", Form::text, "Name of the parameter (see: governance params)"},
    {"--value", "value", Form::number, "Its new value: seconds, basis points, base units, 1 or 0"},
    {nullptr, "account", Form::account, "", {}, "0x0000000000000000000000000000000000000000"},
};
constexpr CallArgument kProposeMember[] = {
    {"role", "subject", Form::text, "arbitrators, moderators or coordinators"},
    {"--account", "account", Form::account, "Whom"},
    {"--value", "value", Form::number, "1 adds, 0 removes", {}, "1"},
};
constexpr CallArgument kApprove[] = {
    {"proposal", "proposalId", Form::id, "The proposal's id", Kind::proposal}};
constexpr const char* kProposalColumns[] = {"id", "subject", "value", "account", "state", "deadline"};
constexpr RecordFilter kProposalFilters[] = {
    {"--status", "state", "voting, accepted, enacted, expired or failed"}};

// ---- bookings
constexpr CallArgument kBookingId[] = {{"booking", "bookingId", Form::id, "The booking's id", Kind::booking}};
constexpr CallArgument kExtend[] = {
    {"booking", "bookingId", Form::id, "The booking's id", Kind::booking},
    {"--hours", "extra", Form::hours, "How much longer"},
};
constexpr CallArgument kHideReview[] = {
    {"review", "reviewId", Form::id, "The review's id", Kind::review},
    {"--reason", "reason", Form::text, "Why"},
};

struct NoOptions {};

template <const char* const& Method>
Outcome<void> show_whole(Context& context, const NoOptions&) {
  AITBC_ASSIGN(const Json record, market_query(context, Method, {}));
  context.output().record(generic_record(record));
  return {};
}
constexpr const char* kGetParams = "market_getParams";
constexpr const char* kGetRoles = "market_getRoles";
constexpr const char* kGetStats = "market_getStats";

void add_offers(CLI::App& market, Context& context) {
  CLI::App* group = add_group(market, "offers", "Capacity on offer, of GPUs or in words");
  add_record_commands(*group, context,
                      {"List offers", "market_listOffers", kOfferColumns, "no offers", kOfferFilters,
                       "Show an offer", "details", "market_getOffer", "id", Kind::offer});
  add_call_command(*group, context, {"create", "Offer capacity in words", "createOffer", kCreateOffer});
  add_call_command(*group, context, {"close", "Take an offer back", "closeOffer", kOfferId});
  add_call_command(
      *group, context,
      {"sync", "Make offers of a provider's listed GPUs that have none", "syncOffers", kSyncOffers});
}

void add_providers(CLI::App& market, Context& context) {
  CLI::App* group = add_group(market, "providers", "Who offers GPUs and services");
  add_record_commands(*group, context,
                      {"List providers",
                       "market_listProviders",
                       kProviderColumns,
                       "no providers",
                       {},
                       "Show a provider",
                       "details",
                       "market_getProvider",
                       "account",
                       std::nullopt});
  add_call_command(*group, context,
                   {"register", "Make the wallet a provider", "registerProvider", kProviderParticulars});
  add_call_command(*group, context,
                   {"update", "Change a provider's particulars", "updateProvider", kProviderParticulars});
}

void add_services(CLI::App& market, Context& context) {
  CLI::App* group = add_group(market, "services", "Work on offer; made with: marketplace --action create");
  add_record_commands(
      *group, context,
      {"List services", "market_listServices", kServiceColumns, "no services", kServiceFilters,
       "Show a service", "details", "market_getService", "id", Kind::service});
  add_call_command(
      *group, context,
      {"update", "Change an open service; bids on its old form lose", "updateService", kUpdateService});
  add_call_command(
      *group, context,
      {"close", "Withdraw a service; an assigned customer gets everything back", "closeService", kServiceId});
  add_call_command(*group, context, {"deliver", "Say that the work is done", "deliverService", kDeliver});
}

}  // namespace

void add_market_calls(CLI::App& market, Context& context) {
  add_offers(market, context);
  add_providers(market, context);
  add_services(market, context);
  add_command<NoOptions>(
      market, context, "stats", "Show sums and counts over the whole market", [](CLI::App&, NoOptions&) {},
      show_whole<kGetStats>);
}

void add_order_calls(CLI::App& orders, Context& context) {
  add_call_command(orders, context, {"extend", "Move the end of a booking back", "extendBooking", kExtend});
  add_call_command(orders, context,
                   {"cancel", "End a booking before its start", "cancelBooking", kBookingId});
}

void add_review_calls(CLI::App& review, Context& context) {
  add_call_command(review, context,
                   {"hide", "As a moderator: a review counts no longer", "hideReview", kHideReview});
}

void add_dispute_commands(CLI::App& root, Context& context) {
  CLI::App* group = add_group(root, "dispute", "Contested bookings and services");
  CLI::App* open =
      add_group(*group, "open", "End an active booking or a service and freeze what is contested");
  add_call_command(*open, context, {"booking", "About a booking", "openDispute", kOpenBookingDispute});
  add_call_command(*open, context, {"service", "About a service", "openDispute", kOpenServiceDispute});
  add_call_command(*group, context,
                   {"vote", "As an arbitrator: give an opinion", "voteDispute", kVoteDispute});
  add_record_commands(*group, context,
                      {"List disputes", "market_listDisputes", kDisputeColumns, "no disputes",
                       kDisputeFilters, "Show a dispute", "show", "market_getDispute", "id", Kind::dispute});
}

void add_governance_commands(CLI::App& root, Context& context) {
  CLI::App* group = add_group(root, "governance", "The market's parameters and roles");
  add_command<NoOptions>(
      *group, context, "params", "Show the parameters", [](CLI::App&, NoOptions&) {}, show_whole<kGetParams>);
  add_command<NoOptions>(
      *group, context, "roles", "Show who has duties, and the validators, who decide",
      [](CLI::App&, NoOptions&) {}, show_whole<kGetRoles>);
  add_call_command(*group, context,
                   {"propose", "As a validator: a new value of a parameter", "propose", kProposeNumber});
  add_call_command(*group, context,
                   {"propose-member", "As a validator: a change of a role", "propose", kProposeMember});
  add_call_command(*group, context, {"approve", "As a validator: agree to a proposal", "approve", kApprove});
  add_record_commands(
      *group, context,
      {"List proposals", "market_listProposals", kProposalColumns, "no proposals", kProposalFilters,
       "Show a proposal", "show", "market_getProposal", "id", Kind::proposal});
}

}  // namespace aitbc::cli
