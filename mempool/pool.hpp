// The pool in memory: who waits, in what order, within which limits. Knows neither disk nor threads.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "mempool/eviction_index.hpp"
#include "mempool/sender_queue.hpp"

namespace aitbc::mempool {

// One add() call on its way to the disk.
struct Reservation {
  std::vector<EntryPtr> entries;
  std::vector<EntryPtr> evicted;  // gone from the pool; back if the write fails
  std::vector<Arrival> removals;  // left on the disk by earlier changes, to be deleted with this write
};

// A sender's first executable transaction: what selection starts from.
struct Head {
  Fees fees;
  Arrival arrival = 0;
  Nonce nonce = 0;
  std::uint32_t sender = 0;
};

// Not thread-safe. A transaction enters in two steps: reserve() judges it against everything pooled or being
// written and takes its place; publish() makes it visible once it is on disk, abandon() undoes the
// reservation when it could not be written.
class Pool {
 public:
  explicit Pool(const MempoolOptions& options) : options_(options) {}

  void set_head(Amount base_fee, Gas gas_limit);

  // Senders whose nonce and balance are known here, until forgotten for lack of transactions.
  bool knows(const Address& sender) const { return numbers_.contains(sender); }
  // No effect when it is known already.
  void learn(const Address& sender, Nonce nonce, Amount balance);
  // No effect when it is not known.
  void account_changed(const Address& sender, Nonce nonce, Amount balance);

  // Precondition: knows(sender).
  Result<void> reserve(const Candidate& candidate, Seconds now, Reservation& reservation);
  // Appends to `executable` what can now go into a block and could not before.
  void publish(const EntryPtr& entry, std::vector<TransactionPtr>& executable);
  void abandon(const EntryPtr& entry);
  // The eviction is on disk, or was not written and is undone.
  void confirm_evicted(const EntryPtr& entry);
  void restore_evicted(const EntryPtr& entry);

  // A transaction found on disk, in order of arrival: a later one replaces an earlier one of the same nonce.
  // What has become invalid is left out and removed. Precondition: knows(sender).
  void load(const Candidate& candidate, Arrival arrival, Seconds since);
  // Evicts until the limits hold.
  void enforce_limits();

  // Drops at most `limit` transactions that came before `oldest`; false when none is left that did.
  bool expire(Seconds oldest, std::size_t limit);

  EntryPtr published(const Address& sender, Nonce nonce) const;  // null when there is none
  TransactionPtr find(const Hash& hash) const;
  const SenderQueue* queue(const Address& sender) const;  // null when unknown
  // Senders have numbers below sender_numbers(); null where none has this one now.
  const SenderQueue* queue(std::size_t number) const;
  std::size_t sender_numbers() const { return senders_.size(); }
  std::span<const Head> heads() const { return heads_; }

  MempoolStatus status() const;
  std::uint64_t evictions() const { return evictions_; }
  // Transactions dropped since the last call, to be destroyed elsewhere.
  std::size_t dropped() const { return dropped_.size(); }
  std::vector<EntryPtr> take_dropped() { return std::exchange(dropped_, {}); }
  // Stored transactions that have left the pool since the last call, to be deleted from the disk.
  std::vector<Arrival> take_removals() { return std::exchange(removals_, {}); }
  void return_removals(std::span<const Arrival> removals);

 private:
  static constexpr std::size_t kMaxIdleSenders = 16'384;
  static constexpr std::size_t kNoHead = ~std::size_t{0};

  struct Sender {
    std::optional<SenderQueue> queue;
    QueueTotals counted;                          // what of it is part of totals_
    std::size_t head = kNoHead;                   // its place in heads_
    std::optional<EvictionIndex::Place> indexed;  // its key in evictable_
    std::uint32_t pins = 0;                       // entries outside the queue that name it
    bool idle = false;                            // stands in idle_
  };

  Result<void> judge(const Candidate& candidate, const SenderQueue& queue) const;
  bool outbids(const Fees& fees, const Fees& old) const;
  bool make_room(const Candidate& candidate, std::uint32_t sender, std::vector<EntryPtr>& evicted);
  std::optional<std::uint32_t> least_worthy(std::uint32_t except);
  EntryPtr evict(std::uint32_t sender);

  void settle(std::uint32_t number);
  void settle_head(std::uint32_t number);
  void settle_eviction(std::uint32_t number);
  void settle_idle(std::uint32_t number);
  void forget(std::uint32_t number);
  void enter(const EntryPtr& entry);
  void leave(Entry& entry);
  void drop(EntryPtr entry);

  const MempoolOptions options_;
  Amount base_fee_;
  Gas gas_limit_ = 0;
  Arrival next_arrival_ = 0;
  QueueTotals totals_;
  std::uint64_t evictions_ = 0;

  std::deque<Sender> senders_;  // by number
  std::vector<std::uint32_t> free_numbers_;
  std::deque<std::uint32_t> idle_;  // without transactions, the longest first
  boost::unordered_flat_map<Address, std::uint32_t, FixedBytesHash> numbers_;
  boost::unordered_flat_map<Hash, Entry*, FixedBytesHash> by_hash_;
  std::vector<Head> heads_;
  EvictionIndex evictable_;
  boost::intrusive::set<Entry, boost::intrusive::compare<OlderFirst>> by_time_;  // published

  std::vector<EntryPtr> dropped_;
  std::vector<Arrival> removals_;
};

}  // namespace aitbc::mempool
