// The pool's limits: who has to go when it is full.
#include "mempool/pool.hpp"

namespace aitbc::mempool {

bool Pool::make_room(const Candidate& candidate, std::uint32_t number, std::vector<EntryPtr>& evicted) {
  const SenderQueue& queue = *senders_[number].queue;
  const Nonce nonce = candidate.transaction->transaction.nonce;
  const Slot* taken = queue.find(nonce);
  const std::size_t freed = taken != nullptr ? taken->newest().bytes() : 0;
  const Worth worth{nonce <= queue.first_missing(), candidate.fees};
  const std::size_t before = evicted.size();
  while (totals_.slots + (taken != nullptr ? 0 : 1) > options_.max_transactions ||
         totals_.bytes + candidate.transaction->wire.size() - freed > options_.max_bytes) {
    const auto victim = least_worthy(number);
    if (victim && senders_[*victim].indexed->worth().less_than(worth, base_fee_)) {
      evicted.push_back(evict(*victim));
      continue;
    }
    for (; evicted.size() > before; evicted.pop_back()) restore_evicted(evicted.back());
    return false;
  }
  return true;
}

void Pool::enforce_limits() {
  while (totals_.slots > options_.max_transactions || totals_.bytes > options_.max_bytes) {
    const auto victim = least_worthy(~std::uint32_t{0});
    if (!victim) return;
    const EntryPtr evicted = evict(*victim);
    removals_.push_back(evicted->arrival);
    confirm_evicted(evicted);
  }
}

// The index may be behind where a sender's last transaction is now being written: it learns so here.
std::optional<std::uint32_t> Pool::least_worthy(std::uint32_t except) {
  while (const auto number = evictable_.lowest(base_fee_, except)) {
    Sender& sender = senders_[*number];
    const Slot& last = sender.queue->slots().back();
    if (last.published && !last.writing) return number;
    evictable_.erase(*sender.indexed);
    sender.indexed.reset();
  }
  return std::nullopt;
}

EntryPtr Pool::evict(std::uint32_t number) {
  Sender& sender = senders_[number];
  EntryPtr entry = sender.queue->remove(sender.queue->slots().back().nonce);
  leave(*entry);
  ++sender.pins;
  ++evictions_;
  settle(number);
  return entry;
}

}  // namespace aitbc::mempool
