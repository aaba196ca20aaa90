#include "consensus/qbft/validators.hpp"

#include <algorithm>
#include <functional>

#include "base/check.hpp"

namespace aitbc::qbft {

ValidatorSet::ValidatorSet(std::vector<Address> ascending) : addresses_(std::move(ascending)) {
  AITBC_CHECK(!addresses_.empty() && addresses_.size() <= kMaxValidators, "validator count out of bounds");
  AITBC_CHECK(
      std::adjacent_find(addresses_.begin(), addresses_.end(), std::greater_equal<>{}) == addresses_.end(),
      "validators are not strictly ascending");
}

std::optional<std::size_t> ValidatorSet::index_of(const Address& address) const {
  const auto at = std::lower_bound(addresses_.begin(), addresses_.end(), address);
  if (at == addresses_.end() || *at != address) return std::nullopt;
  return static_cast<std::size_t>(at - addresses_.begin());
}

std::size_t ValidatorSet::first_proposer(const Address& parent_coinbase) const {
  // The next higher address is also the successor of a validator that is still there.
  const auto next = std::upper_bound(addresses_.begin(), addresses_.end(), parent_coinbase);
  return next == addresses_.end() ? 0 : static_cast<std::size_t>(next - addresses_.begin());
}

const Address& ValidatorSet::proposer(const Address& parent_coinbase, Round round) const {
  return addresses_[(first_proposer(parent_coinbase) + round % size()) % size()];
}

bool ValidatorSet::is_proposer_up_to(const Address& address, const Address& parent_coinbase,
                                     Round last) const {
  const std::optional<std::size_t> index = index_of(address);
  if (!index) return false;
  const std::size_t turn = (*index + size() - first_proposer(parent_coinbase)) % size();
  return turn <= last;
}

}  // namespace aitbc::qbft
