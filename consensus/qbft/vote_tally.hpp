// Validators by vote: each header may carry one vote of its coinbase to add or drop a validator. More than
// half of the validators carry it, from the next block on. Each epoch starts without votes
// (validator_history.hpp).
#pragma once

#include <map>
#include <set>
#include <vector>

#include "consensus/qbft/extra_data.hpp"
#include "consensus/qbft/validators.hpp"

namespace aitbc::qbft {

// The state of the vote after some block. A value: copies are independent.
class VoteTally {
 public:
  explicit VoteTally(ValidatorSet validators) : validators_(std::move(validators)) {}

  // The validators of the next block.
  const ValidatorSet& validators() const { return validators_; }

  // Counts a vote. One without meaning is ignored: by a stranger, to add a member or drop a stranger, to drop
  // the last validator, or to exceed kMaxValidators. A voter's newer vote on a subject replaces its older
  // one.
  void cast(const Address& voter, const Vote& vote);

  bool would_matter(const Vote& vote) const;
  bool has_cast(const Address& voter, const Vote& vote) const;
  bool has_votes() const { return !votes_.empty(); }
  // Addresses that somebody has voted to add.
  std::vector<Address> candidates() const;

  bool operator==(const VoteTally&) const = default;

 private:
  void carry(const Vote& vote);

  ValidatorSet validators_;
  std::map<Address, std::map<Address, bool>> votes_;  // subject -> voter -> add?
};

}  // namespace aitbc::qbft
