// Finds the sender whose last transaction is worth least, at any base fee.
#pragma once

#include <optional>
#include <set>
#include <tuple>

#include "mempool/entry.hpp"

namespace aitbc::mempool {

// What a sender's last transaction is worth to the pool. One behind a gap is worth less than any executable.
struct Worth {
  bool executable = false;
  Fees fees;

  bool operator==(const Worth&) const = default;
  bool less_than(const Worth& other, Amount base_fee) const {
    return std::pair(executable, price_at(fees, base_fee)) <
           std::pair(other.executable, price_at(other.fees, base_fee));
  }
};

// price_at is min(priority fee + base fee, max fee). The least of such minima is the lesser of (least
// priority fee) + base fee and (least max fee), so two orders that know no base fee give the answer at every
// base fee.
class EvictionIndex {
 public:
  using SenderNumber = std::uint32_t;

  void insert(SenderNumber sender, const Worth& worth);
  void erase(SenderNumber sender, const Worth& worth);
  // The one worth least, `except` left aside.
  std::optional<SenderNumber> lowest(Amount base_fee, SenderNumber except) const;

 private:
  using Key = std::tuple<bool, Amount, SenderNumber>;
  std::set<Key> by_priority_fee_;
  std::set<Key> by_max_fee_;
};

}  // namespace aitbc::mempool
