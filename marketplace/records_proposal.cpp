#include "marketplace/records_proposal.hpp"

namespace aitbc::market {

std::optional<Seconds> deadline_of(const Proposal& proposal) {
  const bool pending = proposal.state == ProposalState::voting || proposal.state == ProposalState::accepted;
  return pending ? std::optional(proposal.deadline) : std::nullopt;
}

}  // namespace aitbc::market
