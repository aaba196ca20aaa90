// What is derived from the senders' queues and kept in step with them: totals, order, indexes.
#include "mempool/pool.hpp"

namespace aitbc::mempool {

void Pool::learn(const Address& address, Nonce nonce, Amount balance) {
  const auto [at, fresh] = numbers_.try_emplace(address, 0);
  if (!fresh) return;
  if (free_numbers_.empty()) {
    free_numbers_.push_back(static_cast<std::uint32_t>(senders_.size()));
    senders_.emplace_back();
  }
  const std::uint32_t number = free_numbers_.back();
  free_numbers_.pop_back();
  at->second = number;
  senders_[number].queue.emplace(address, nonce, balance);
  settle_idle(number);
}

void Pool::account_changed(const Address& address, Nonce nonce, Amount balance) {
  const auto at = numbers_.find(address);
  if (at == numbers_.end()) return;
  const std::uint32_t number = at->second;
  std::vector<EntryPtr> removed;
  senders_[number].queue->set_account(nonce, balance, gas_limit_, removed);
  for (EntryPtr& entry : removed) drop(std::move(entry));
  settle(number);
}

// Brings everything that is derived from a sender's queue up to date with it.
void Pool::settle(std::uint32_t number) {
  Sender& sender = senders_[number];
  sender.queue->advance();
  const QueueTotals& now = sender.queue->totals();
  totals_.slots += now.slots - sender.counted.slots;
  totals_.bytes += now.bytes - sender.counted.bytes;
  totals_.published += now.published - sender.counted.published;
  totals_.executable += now.executable - sender.counted.executable;
  sender.counted = now;
  settle_head(number);
  settle_eviction(number);
  settle_idle(number);
}

void Pool::settle_head(std::uint32_t number) {
  Sender& sender = senders_[number];
  if (sender.queue->executable() > 0) {
    if (sender.head == kNoHead) {
      sender.head = heads_.size();
      heads_.emplace_back();
    }
    const Entry& first = *sender.queue->slots().front().published;
    heads_[sender.head] = {first.fees, first.arrival, first.nonce(), number};
  } else if (sender.head != kNoHead) {
    senders_[heads_.back().sender].head = sender.head;
    heads_[sender.head] = heads_.back();
    heads_.pop_back();
    sender.head = kNoHead;
  }
}

void Pool::settle_eviction(std::uint32_t number) {
  Sender& sender = senders_[number];
  const auto slots = sender.queue->slots();
  std::optional<Worth> worth;
  if (!slots.empty()) {
    const Slot& last = slots.back();
    if (!last.published || last.writing) return;
    worth = Worth{sender.queue->without_obstacle(), last.published->fees};
  }
  if (worth && sender.indexed && *worth == sender.indexed->worth()) return;
  if (sender.indexed) evictable_.erase(*sender.indexed);
  sender.indexed.reset();
  if (worth) sender.indexed = evictable_.insert(number, *worth);
}

// Keeps what is known of senders that have nothing pooled at the moment, up to a bound: they often come back.
void Pool::settle_idle(std::uint32_t number) {
  const auto unused = [](const Sender& sender) { return sender.queue->slots().empty() && sender.pins == 0; };
  Sender& sender = senders_[number];
  if (sender.idle || !unused(sender)) return;
  sender.idle = true;
  idle_.push_back(number);
  if (idle_.size() <= kMaxIdleSenders) return;
  const std::uint32_t oldest = idle_.front();
  idle_.pop_front();
  senders_[oldest].idle = false;
  if (unused(senders_[oldest])) forget(oldest);
}

void Pool::forget(std::uint32_t number) {
  numbers_.erase(senders_[number].queue->address());
  senders_[number] = Sender{};
  free_numbers_.push_back(number);
}

// The entry is visible from now on.
void Pool::enter(const EntryPtr& entry) {
  entry->published = true;
  by_time_.insert(by_time_.end(), *entry);  // where it nearly always belongs
}

void Pool::leave(Entry& entry) {
  const auto known = by_hash_.find(entry.transaction->hash);
  if (known != by_hash_.end() && known->second == &entry) by_hash_.erase(known);
  if (!entry.published) return;
  entry.published = false;
  by_time_.erase(by_time_.iterator_to(entry));
}

void Pool::drop(EntryPtr entry) {
  leave(*entry);
  removals_.push_back(entry->arrival);
  dropped_.push_back(std::move(entry));
}

void Pool::return_removals(std::span<const Arrival> removals) {
  removals_.insert(removals_.end(), removals.begin(), removals.end());
}

}  // namespace aitbc::mempool
