// Chooses the transactions of a block: best tip first, a sender's in order of nonce.
#pragma once

#include <utility>

#include "mempool/pool.hpp"

namespace aitbc::mempool {

// The work is cut into steps so that the pool need not stand still for all of it; a transaction that changes
// its place between steps is left out. The choice depends only on what is pooled: equal tips go by arrival.
//
// A round takes what fits its gas and bytes. It ends at the first that does not fit, for the next round may
// have more room than this one left; what does not fit even a fresh round ends its sender's turn.
class Selection {
 public:
  explicit Selection(Amount base_fee) : base_fee_(base_fee) {}

  // First, with the pool at rest: notes where each sender stands.
  void start(const Pool& pool);
  // Then, without the pool: orders them.
  void order();
  // Then, for each round:
  void begin_round(Gas gas, std::size_t bytes);
  // With the pool at rest, until it answers false: takes at most `limit` transactions.
  bool take(const Pool& pool, std::size_t limit);
  std::vector<TransactionPtr> end_round() { return std::exchange(chosen_, {}); }

 private:
  struct Next {
    Amount tip;
    Arrival arrival = 0;
    Nonce nonce = 0;
    std::uint32_t sender = 0;
    // Heap order: the best on top.
    bool operator<(const Next& other) const {
      return tip != other.tip ? tip < other.tip : arrival > other.arrival;
    }
  };
  std::optional<Amount> tip_of(const Fees& fees) const;
  bool fits(const Entry& entry) const;
  void advance(const SenderQueue& queue, std::size_t position);
  void drop_best();
  void sift_down();

  Amount base_fee_;
  Gas gas_left_ = 0;
  std::size_t bytes_left_ = 0;
  std::vector<Next> heap_;
  std::vector<TransactionPtr> chosen_;
};

}  // namespace aitbc::mempool
