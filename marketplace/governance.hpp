// Parameters and roles change by a majority of the block's validators, after a delay.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// ---- calls, by validators of the block that they are in. `subject` is a field name of Params (value: the
// number, or 1 and 0 for a switch; account: the address) or of Roles (account, value 1 to add it and 0 to
// remove it). The proposer approves.
Outcome<ProposalId> propose(Context& c, const std::string& subject, Amount value, const Address& account);
Outcome<void> approve(Context& c, ProposalId id);

// ---- views
struct ProposalView {
  static constexpr std::string_view kName = "ProposalView";
  Proposal proposal;
  // Expired from its deadline on, processed or not. What was accepted stays so until it is in force.
  ProposalState state = ProposalState::voting;
  static constexpr auto kFields =
      FlatTuple(field("proposal", &ProposalView::proposal), field("state", &ProposalView::state));
};
Outcome<ProposalView> get_proposal(Context& c, ProposalId id);
struct RolesView {
  static constexpr std::string_view kName = "RolesView";
  Roles roles;
  std::vector<Address> validators;  // propose and approve; the consensus' choice, no record of the market
  static constexpr auto kFields =
      FlatTuple(field("roles", &RolesView::roles), field("validators", &RolesView::validators));
};
Outcome<RolesView> get_roles(Context& c);

// ---- for the rest of the module
void proposal_due(Context& c, ProposalId id);

}  // namespace aitbc::market
