#include "marketplace/records_dispute.hpp"

#include <algorithm>

namespace aitbc::market {

bool has_role(const std::vector<Address>& role, const Address& account) {
  return std::binary_search(role.begin(), role.end(), account);
}

DisputeState state_of(const Dispute& dispute, Seconds now) {
  const bool overdue = dispute.state == DisputeState::open && now >= dispute.deadline;
  return overdue ? DisputeState::timed_out : dispute.state;
}

std::optional<Seconds> deadline_of(const Dispute& dispute) {
  return dispute.state == DisputeState::open ? std::optional(dispute.deadline) : std::nullopt;
}

}  // namespace aitbc::market
