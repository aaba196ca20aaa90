// Chooses the transactions of a block: best tip first, a sender's in order of nonce.
#pragma once

#include "mempool/pool.hpp"

namespace aitbc::mempool {

// The work is cut into steps so that the pool need not stand still for all of it; a transaction that changes
// its place between steps is left out. The choice depends only on what is pooled: equal tips go by arrival.
class Selection {
 public:
  Selection(Amount base_fee, Gas gas, std::size_t bytes)
      : base_fee_(base_fee), gas_left_(gas), bytes_left_(bytes) {}

  // First, with the pool at rest: notes where each sender stands.
  void start(const Pool& pool);
  // Then, without the pool: orders them.
  void order();
  // Then, with the pool at rest, until it answers false: takes at most `limit` transactions.
  bool take(const Pool& pool, std::size_t limit);

  std::vector<TransactionPtr> result() && { return std::move(chosen_); }

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
  Gas gas_left_;
  std::size_t bytes_left_;
  std::vector<Next> heap_;
  std::vector<TransactionPtr> chosen_;
};

}  // namespace aitbc::mempool
