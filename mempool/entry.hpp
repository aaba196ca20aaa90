// A transaction in the pool, and what is asked of one before it gets there.
#pragma once

#include <boost/intrusive/set.hpp>
#include <memory>

#include "mempool/mempool.hpp"

namespace aitbc::mempool {

// Numbers acknowledged transactions in the order they came; never used twice while one with it is stored.
using Arrival = std::uint64_t;

struct Fees {
  Amount max_fee;
  Amount max_priority_fee;
  bool operator==(const Fees&) const = default;
};

// What a unit of gas brings at this base fee if nothing but the transaction's own limits counted: above the
// base fee by the tip, below it when the transaction must wait. Orders transactions by worth.
inline Amount price_at(const Fees& fees, Amount base_fee) {
  return std::min(checked_add(fees.max_priority_fee, base_fee).value_or(Amount::max()), fees.max_fee);
}

// A transaction that passed every check which needs neither the state nor the pool.
struct Candidate {
  TransactionPtr transaction;
  Fees fees;
  Amount cost;  // the most it can take from its sender: gas limit * max fee + value
};
Result<Candidate> examine(const TransactionPtr& transaction, const ChainRules& rules,
                          const MempoolOptions& options);

// Owned by its sender's queue, and by the add() call that brought it until that has written it.
struct Entry : boost::intrusive::set_base_hook<> {
  TransactionPtr transaction;
  Arrival arrival = 0;
  Seconds since = 0;
  Fees fees;
  Amount cost;
  std::uint32_t sender = 0;         // the pool's number for the sender
  bool published = false;           // written and visible
  std::shared_ptr<Entry> replaced;  // the one it is to replace that is itself still being written

  Nonce nonce() const { return transaction->transaction.nonce; }
  Gas gas() const { return transaction->transaction.gas_limit; }
  std::size_t bytes() const { return transaction->wire.size(); }
};
using EntryPtr = std::shared_ptr<Entry>;

struct OlderFirst {
  bool operator()(const Entry& a, const Entry& b) const {
    return a.since != b.since ? a.since < b.since : a.arrival < b.arrival;
  }
};

}  // namespace aitbc::mempool
