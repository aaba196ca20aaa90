// The validators of one height: sizes, membership, proposer rotation.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "consensus/qbft/round.hpp"

namespace aitbc::qbft {

class ValidatorSet {
 public:
  // Precondition: strictly ascending, 1 to kMaxValidators of them.
  explicit ValidatorSet(std::vector<Address> ascending);

  std::size_t size() const { return addresses_.size(); }
  const std::vector<Address>& addresses() const { return addresses_; }
  bool contains(const Address& address) const { return index_of(address).has_value(); }
  std::optional<std::size_t> index_of(const Address& address) const;

  // F: how many may be faulty, floor((n - 1) / 3).
  std::size_t fault_bound() const { return (size() - 1) / 3; }
  // ceil(2n / 3): two quorums share an honest validator.
  std::size_t quorum() const { return (2 * size() + 2) / 3; }

  // The validator whose turn a round is, given the coinbase of the parent: (its index + 1 + round) mod n.
  // When it is no validator any more (or the parent is the genesis block), the next higher address, wrapping,
  // has round 0.
  const Address& proposer(const Address& parent_coinbase, Round round) const;
  // Whether `address` is the proposer of some round from 0 to `last`.
  bool is_proposer_up_to(const Address& address, const Address& parent_coinbase, Round last) const;

  bool operator==(const ValidatorSet&) const = default;

 private:
  std::size_t first_proposer(const Address& parent_coinbase) const;
  std::vector<Address> addresses_;
};

}  // namespace aitbc::qbft
