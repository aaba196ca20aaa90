// Proposals to change a parameter or a role, by validators.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/states.hpp"

namespace aitbc::market {

struct Proposal {
  static constexpr std::string_view kName = "Proposal";
  ProposalId id;
  Address proposer;
  std::string subject;  // a field name of Params or Roles
  Amount value;         // of a number or an amount; 1 or 0 for a switch; 1 to add to a role, 0 to remove
  Address account;      // of an address, or a role
  Seconds created_at = 0;
  Seconds deadline = 0;  // voting: expires; accepted: takes effect
  std::vector<Address> approvals;
  ProposalState state = ProposalState::voting;  // as of the last change
  Seconds closed_at = 0;

  static constexpr auto kFields =
      FlatTuple(field("id", &Proposal::id), field("proposer", &Proposal::proposer),
                field("subject", &Proposal::subject), field("value", &Proposal::value),
                field("account", &Proposal::account), field("createdAt", &Proposal::created_at),
                field("deadline", &Proposal::deadline), field("approvals", &Proposal::approvals),
                field("lastState", &Proposal::state), field("closedAt", &Proposal::closed_at));
};
std::optional<Seconds> deadline_of(const Proposal& proposal);

}  // namespace aitbc::market
