#include "consensus/qbft/vote_tally.hpp"

#include <algorithm>

namespace aitbc::qbft {

bool VoteTally::would_matter(const Vote& vote) const {
  const bool is_member = validators_.contains(vote.subject);
  if (vote.add) return !is_member && validators_.size() < kMaxValidators;
  return is_member && validators_.size() > 1;
}

bool VoteTally::has_cast(const Address& voter, const Vote& vote) const {
  const auto subject = votes_.find(vote.subject);
  if (subject == votes_.end()) return false;
  const auto cast = subject->second.find(voter);
  return cast != subject->second.end() && cast->second == vote.add;
}

std::vector<Address> VoteTally::candidates() const {
  std::vector<Address> out;
  for (const auto& [subject, votes] : votes_) {
    const bool wanted = std::any_of(votes.begin(), votes.end(), [](const auto& vote) { return vote.second; });
    if (wanted) out.push_back(subject);
  }
  return out;
}

void VoteTally::cast(const Address& voter, const Vote& vote) {
  if (!validators_.contains(voter) || !would_matter(vote)) return;
  std::map<Address, bool>& votes = votes_[vote.subject];
  votes[voter] = vote.add;
  const auto in_favour =
      std::count_if(votes.begin(), votes.end(), [&](const auto& other) { return other.second == vote.add; });
  if (static_cast<std::size_t>(in_favour) > validators_.size() / 2) carry(vote);
}

void VoteTally::carry(const Vote& vote) {
  std::vector<Address> addresses = validators_.addresses();
  const auto at = std::lower_bound(addresses.begin(), addresses.end(), vote.subject);
  if (vote.add)
    addresses.insert(at, vote.subject);
  else
    addresses.erase(at);
  validators_ = ValidatorSet(std::move(addresses));

  votes_.erase(vote.subject);
  if (vote.add) return;
  // A dropped validator's own votes go with it.
  for (auto it = votes_.begin(); it != votes_.end();) {
    it->second.erase(vote.subject);
    it = it->second.empty() ? votes_.erase(it) : std::next(it);
  }
}

}  // namespace aitbc::qbft
