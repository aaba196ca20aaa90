// The pooled transactions of one sender, by nonce.
#pragma once

#include <span>
#include <vector>

#include "mempool/entry.hpp"

namespace aitbc::mempool {

// One nonce. Holds the published transaction, or those being written, or both while a replacement is on its
// way to the disk; never nothing.
struct Slot {
  Nonce nonce = 0;
  EntryPtr published;
  EntryPtr writing;  // the newest; Entry::replaced leads to older ones

  // What the slot will hold once every write has gone well: newcomers are judged against it.
  const Entry& newest() const { return writing ? *writing : *published; }
};

// What a queue adds to the pool's totals.
struct QueueTotals {
  std::size_t slots = 0;
  std::size_t bytes = 0;      // of each slot's newest
  std::size_t published = 0;  // transactions
  std::size_t executable = 0;
  bool operator==(const QueueTotals&) const = default;
};

// Not thread-safe. Changes that only extend what is executable take effect with advance().
class SenderQueue {
 public:
  SenderQueue(const Address& address, Nonce nonce, Amount balance)
      : address_(address), nonce_(nonce), balance_(balance) {}

  const Address& address() const { return address_; }
  Nonce nonce() const { return nonce_; }  // of the account
  std::span<const Slot> slots() const { return slots_; }
  const Slot* find(Nonce nonce) const;  // null when empty
  // The first nonce that no transaction has, those being written counted.
  Nonce first_missing() const { return nonce_ + consecutive_; }
  // The sender's next nonce for someone who sees the published transactions.
  Nonce next_nonce() const;
  // The first slots that could go into a block one after the other: published, without a gap, paid for
  // together.
  std::size_t executable() const { return executable_; }
  // Whether all slots could go into a block so, once what is being written is published.
  bool without_obstacle() const { return consecutive_ == slots_.size() && cost_ <= balance_.units(); }
  const QueueTotals& totals() const { return totals_; }
  bool affords(Amount cost) const { return cost <= balance_; }
  // True when the balance covers every transaction below `nonce` and `cost` at it.
  bool covers(Nonce nonce, Amount cost) const;

  // Takes the newest place at its nonce. Precondition: covers().
  void reserve(EntryPtr entry);
  // The entry is written. False when something newer took its place meanwhile, or the nonce is used up;
  // `replaced` receives the published transaction that it takes the place of.
  bool publish(const EntryPtr& entry, EntryPtr& replaced);
  // The entry was not written: as if it had never been reserved.
  void abandon(const EntryPtr& entry);
  // Puts a published entry (back) in its place; false when that is taken by a published one or used up.
  bool restore(EntryPtr entry);
  // Takes out the published transaction of a nonce that has one. What is being written for it stays.
  EntryPtr remove(Nonce nonce);
  // After a block: used-up nonces go, and so do published transactions that the balance cannot pay even alone
  // or that need more gas than `gas_limit`.
  void set_account(Nonce nonce, Amount balance, Gas gas_limit, std::vector<EntryPtr>& removed);
  // Extends the executable part as far as it goes.
  void advance();

 private:
  std::size_t position(Nonce nonce) const;  // of the first slot not below
  Slot* slot(Nonce nonce);
  bool unlink(Slot& slot, const EntryPtr& entry, bool with_older);
  template <class Change>
  void change(Slot& slot, const Change& change);
  Slot& insert(Nonce nonce);
  EntryPtr remove_at(std::size_t position);
  void erase_below(Nonce nonce, std::vector<EntryPtr>& removed);
  void count(const Slot& slot, bool in);
  void erase_if_vacant(std::size_t position);
  void shrink(std::size_t executable);
  void shrink_to_balance();

  Address address_;
  Nonce nonce_ = 0;
  Amount balance_;
  std::vector<Slot> slots_;      // ascending by nonce
  std::size_t consecutive_ = 0;  // first slots without a gap
  std::size_t executable_ = 0;   // at most consecutive_
  uint128 executable_cost_ = 0;  // at most balance_
  uint128 cost_ = 0;             // of each slot's newest
  Gas largest_gas_ = 0;          // that any of them ever asked for
  QueueTotals totals_;
};

}  // namespace aitbc::mempool
