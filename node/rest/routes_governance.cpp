// The market's rules: its parameters, who has a say, and proposals to change them.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/routes.hpp"

namespace aitbc::rest {
namespace {

using market::ProposalId;

constexpr std::array kRoles{
    OutField{"arbitrators", "arbitrators", Form::texts, "decide disputes"},
    OutField{"moderators", "moderators", Form::texts, "hide reviews"},
    OutField{"coordinators", "coordinators", Form::texts, "attest work"},
    OutField{"validators", "validators", Form::texts, "propose and approve"},
};
constexpr Shape kRolesShape{"Roles", kRoles};
constexpr std::array kRules{
    OutField{"parameters", "parameters", Form::any, "as the contract has them: base units, seconds"},
    OutField{"roles", "roles", Form::object, "addresses", false, &kRolesShape},
};
constexpr Shape kRulesShape{"Rules", kRules};
constexpr std::array kProposal{
    OutField{"id", "id", Form::text, "id of the proposal"},
    OutField{"proposer", "proposer", Form::text, "address"},
    OutField{"subject", "subject", Form::text, "parameter or role"},
    OutField{"value", "value", Form::text, "whole number: base units, seconds; of a role 1 adds, 0 removes"},
    OutField{"account", "account", Form::text, "a role's member"},
    OutField{"approvals", "approvals", Form::texts, "addresses"},
    OutField{"status", "state", Form::text, "voting, accepted, enacted, expired or failed"},
    OutField{"created_at", "createdAt", Form::time, "when it was made"},
    OutField{"deadline", "deadline", Form::time, "end of the vote, or when it takes effect"},
};
constexpr Shape kProposalShape{"Proposal", kProposal};
constexpr std::array kProposed{
    OutField{"id", "proposalId", Form::text, "id of the proposal"},
    OutField{"deadline", "deadline", Form::time, "end of the vote"},
};
constexpr Shape kProposedShape{"Proposed", kProposed};
constexpr std::array kApproved{
    OutField{"id", "proposalId", Form::text, "id of the proposal"},
    OutField{"validator", "validator", Form::text, "address"},
};
constexpr Shape kApprovedShape{"ProposalApproved", kApproved};

RestResult<Page> get_rules(const RestBackend& backend) {
  REST_ASSIGN(const Answer parameters, ask(backend, "market_getParams", Params()));
  REST_ASSIGN(const Answer roles, ask(backend, "market_getRoles", Params()));
  Params out;
  out.raw("parameters", parameters.text()).raw("roles", roles.text());
  return Page{Answer::parse(out.json()), {}, {}};
}

struct ListProposals : QueryInput {
  std::optional<std::string> status, cursor;
  std::optional<std::uint64_t> limit;
  static constexpr auto kFields =
      std::tuple(input("status", &ListProposals::status, "present state",
                       {0, 16, "voting|accepted|enacted|expired|failed"}),
                 input("limit", &ListProposals::limit, "how many, 100 when left out", kPageLimits),
                 input("cursor", &ListProposals::cursor, "X-Next-Cursor of the page before"));
};
RestResult<Page> list_proposals(const RestBackend& backend, const ListProposals& query) {
  Params params;
  if (query.status) params.text("state", *query.status);
  return ask_page(backend, "market_listProposals", params.boolean("newestFirst", true), query.limit,
                  query.cursor);
}

struct Propose : BodyInput {
  std::string subject;
  std::string value;
  std::optional<Address> account;
  static constexpr auto kFields =
      std::tuple(input("subject", &Propose::subject, "name of a parameter or role", {1, 64, {}}),
                 input("value", &Propose::value,
                       "whole number: base units, seconds; of a role \"1\" adds, \"0\" removes", {1, 39, {}}),
                 input("account", &Propose::account, "a role's member"));
};
RestResult<Plan> plan_proposal(const Propose& body) {
  const auto value = parse_units(body.value);
  if (!value) return refuse(422, "value: " + value.error().message);
  Params call;
  call.text("subject", body.subject).amount("value", *value);
  return Plan{"propose", call.text("account", hex::checksummed(body.account.value_or(Address{}))).json()};
}

void register_proposing(Registry& registry) {
  registry.write(
      {"propose", "POST", "/v1/marketplace/proposals", "governance",
       "By a validator: a parameter's value or a role's member", &kProposedShape, 201},
      {"propose"}, [](const RestBackend&, const Propose& body) { return plan_proposal(body); },
      [](const RestBackend&, const market::Decoded&) -> RestResult<Finish> {
        return with_event("Proposed");
      });
  register_id_call<ProposalId>(registry,
                               {"approve_proposal",
                                "POST",
                                "/v1/marketplace/proposals/{proposal_id}/approve",
                                "governance",
                                "By a validator: a majority puts the change into force after the delay",
                                &kApprovedShape,
                                200,
                                false,
                                {404, 409}},
                               {"approve", "proposalId", "market_getProposal", "ProposalApproved"});
}

}  // namespace

void register_governance_routes(Registry& registry) {
  registry.read({"get_rules", "GET", "/v1/marketplace/rules", "governance",
                 "Parameters and roles that are in force", &kRulesShape},
                [](const RestBackend& backend) { return get_rules(backend); });
  registry.read(
      {"list_proposals",
       "GET",
       "/v1/marketplace/proposals",
       "governance",
       "Proposals, newest first",
       &kProposalShape,
       200,
       true,
       {400}},
      [](const RestBackend& backend, const ListProposals& query) { return list_proposals(backend, query); });
  registry.read({"get_proposal",
                 "GET",
                 "/v1/marketplace/proposals/{proposal_id}",
                 "governance",
                 "A proposal",
                 &kProposalShape,
                 200,
                 false,
                 {404}},
                [](const RestBackend& backend, ProposalId id) {
                  return record_page(backend, "market_getProposal", to_text(id));
                });
  register_proposing(registry);
}

}  // namespace aitbc::rest
