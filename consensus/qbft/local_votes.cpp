#include "consensus/qbft/local_votes.hpp"

namespace aitbc::qbft {

void LocalVotes::propose(const Vote& vote) {
  const std::scoped_lock lock(mutex_);
  votes_[vote.subject] = vote.add;
}

bool LocalVotes::discard(const Address& subject) {
  const std::scoped_lock lock(mutex_);
  return votes_.erase(subject) > 0;
}

std::map<Address, bool> LocalVotes::pending() const {
  const std::scoped_lock lock(mutex_);
  return votes_;
}

std::optional<Vote> LocalVotes::next(const VoteTally& tally, const Address& self) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& [subject, add] : votes_) {
    const Vote vote{subject, add};
    if (tally.would_matter(vote) && !tally.has_cast(self, vote)) return vote;
  }
  return std::nullopt;
}

}  // namespace aitbc::qbft
