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
  using Key = std::tuple<bool, Amount, std::uint32_t>;
  using Order = std::set<Key>;

 public:
  // Where a sender stands, so that taking it out needs no search.
  class Place {
   public:
    const Worth& worth() const { return worth_; }

   private:
    friend class EvictionIndex;
    Worth worth_;
    Order::const_iterator by_priority_fee_;
    Order::const_iterator by_max_fee_;
  };

  Place insert(std::uint32_t sender, const Worth& worth);
  void erase(const Place& place);
  // The one worth least, `except` left aside.
  std::optional<std::uint32_t> lowest(Amount base_fee, std::uint32_t except) const;

 private:
  Order by_priority_fee_;
  Order by_max_fee_;
};

}  // namespace aitbc::mempool
