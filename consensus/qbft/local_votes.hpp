// The votes that this validator's operator wants cast (qbft_proposeValidatorVote). They are repeated in its
// proposals for as long as they would change something, and forgotten when the node stops.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "consensus/qbft/vote_tally.hpp"

namespace aitbc::qbft {

// Thread-safe.
class LocalVotes {
 public:
  void propose(const Vote& vote);
  // False when there was none.
  bool discard(const Address& subject);
  std::map<Address, bool> pending() const;  // subject -> add?
  // The first one that matters and was not cast by `self` yet.
  std::optional<Vote> next(const VoteTally& tally, const Address& self) const;

 private:
  mutable std::mutex mutex_;
  std::map<Address, bool> votes_;
};

}  // namespace aitbc::qbft
