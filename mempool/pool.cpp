#include "mempool/pool.hpp"

namespace aitbc::mempool {

namespace {

Result<void> refuse(ErrorCode code, const char* message) { return fail(code, message); }

}  // namespace

void Pool::set_head(Amount base_fee, Gas gas_limit) {
  base_fee_ = base_fee;
  gas_limit_ = gas_limit;
}

bool Pool::outbids(const Fees& fees, const Fees& old) const {
  const auto enough = [this](Amount bid, Amount before) {
    const auto least = mul_div_ceil(before, 100 + options_.replacement_percent, 100);
    return least && bid >= *least && bid > before;
  };
  return enough(fees.max_fee, old.max_fee) && enough(fees.max_priority_fee, old.max_priority_fee);
}

Result<void> Pool::judge(const Candidate& candidate, const SenderQueue& queue) const {
  const Transaction& transaction = candidate.transaction->transaction;
  if (transaction.gas_limit > gas_limit_) return refuse(ErrorCode::limit, "exceeds block gas limit");
  if (transaction.nonce < queue.nonce())
    return refuse(ErrorCode::conflict, rejection_message(Rejection::nonce_too_low));
  if (transaction.nonce > queue.first_missing() &&
      transaction.nonce - queue.first_missing() > options_.max_nonce_gap)
    return refuse(ErrorCode::conflict, rejection_message(Rejection::nonce_too_high));
  if (!queue.covers(transaction.nonce, candidate.cost))
    return refuse(ErrorCode::conflict, rejection_message(Rejection::insufficient_funds));
  const Slot* taken = queue.find(transaction.nonce);
  if (taken != nullptr && !outbids(candidate.fees, taken->newest().fees))
    return refuse(ErrorCode::conflict, "replacement transaction underpriced");
  if (taken == nullptr && queue.slots().size() >= options_.max_transactions_per_sender)
    return refuse(ErrorCode::limit, "account limit exceeded");
  return {};
}

Result<void> Pool::reserve(const Candidate& candidate, Seconds now, Reservation& reservation) {
  const Hash& hash = candidate.transaction->hash;
  if (by_hash_.contains(hash)) return refuse(ErrorCode::conflict, "already known");
  const std::uint32_t number = numbers_.at(candidate.transaction->sender);
  Sender& sender = senders_[number];
  AITBC_TRY(judge(candidate, *sender.queue));
  if (!make_room(candidate, number, reservation.evicted)) return refuse(ErrorCode::limit, "txpool is full");

  auto entry = std::make_shared<Entry>();
  entry->transaction = candidate.transaction;
  entry->arrival = next_arrival_++;
  entry->since = now;
  entry->fees = candidate.fees;
  entry->cost = candidate.cost;
  entry->sender = number;
  by_hash_.emplace(hash, entry.get());
  reservation.entries.push_back(entry);
  ++sender.pins;
  sender.queue->reserve(std::move(entry));
  settle(number);
  return {};
}

void Pool::publish(const EntryPtr& entry, std::vector<TransactionPtr>& executable) {
  const std::uint32_t number = entry->sender;
  Sender& sender = senders_[number];
  SenderQueue& queue = *sender.queue;
  const std::size_t before = sender.counted.executable;
  --sender.pins;
  EntryPtr replaced;
  if (!queue.publish(entry, replaced)) {
    leave(*entry);
    removals_.push_back(entry->arrival);
    return settle(number);
  }
  enter(entry);
  settle(number);
  if (replaced && entry->nonce() - queue.nonce() < std::min(before, queue.executable()))
    executable.push_back(entry->transaction);
  for (std::size_t i = before; i < queue.executable(); ++i)
    executable.push_back(queue.slots()[i].published->transaction);
  if (replaced) drop(std::move(replaced));
}

void Pool::abandon(const EntryPtr& entry) {
  Sender& sender = senders_[entry->sender];
  --sender.pins;
  leave(*entry);
  sender.queue->abandon(entry);
  settle(entry->sender);
}

void Pool::confirm_evicted(const EntryPtr& entry) {
  --senders_[entry->sender].pins;
  settle_idle(entry->sender);
}

void Pool::restore_evicted(const EntryPtr& entry) {
  Sender& sender = senders_[entry->sender];
  --sender.pins;
  --evictions_;
  if (sender.queue->restore(entry)) {
    by_hash_.emplace(entry->transaction->hash, entry.get());
    enter(entry);
  } else {
    removals_.push_back(entry->arrival);
  }
  settle(entry->sender);
}

void Pool::load(const Candidate& candidate, Arrival arrival, Seconds since) {
  next_arrival_ = std::max(next_arrival_, arrival + 1);
  const std::uint32_t number = numbers_.at(candidate.transaction->sender);
  SenderQueue& queue = *senders_[number].queue;
  const Transaction& transaction = candidate.transaction->transaction;
  if (transaction.nonce < queue.nonce() || transaction.gas_limit > gas_limit_ ||
      !queue.affords(candidate.cost))
    return removals_.push_back(arrival);
  if (queue.find(transaction.nonce) != nullptr) drop(queue.remove(transaction.nonce));

  auto entry = std::make_shared<Entry>();
  entry->transaction = candidate.transaction;
  entry->arrival = arrival;
  entry->since = since;
  entry->fees = candidate.fees;
  entry->cost = candidate.cost;
  entry->sender = number;
  by_hash_.emplace(candidate.transaction->hash, entry.get());
  enter(entry);
  queue.restore(std::move(entry));
  settle(number);
}

bool Pool::expire(Seconds oldest, std::size_t limit) {
  for (; !by_time_.empty() && by_time_.begin()->since < oldest; --limit) {
    if (limit == 0) return true;
    const Entry& entry = *by_time_.begin();
    const std::uint32_t number = entry.sender;
    drop(senders_[number].queue->remove(entry.nonce()));
    settle(number);
  }
  return false;
}

TransactionPtr Pool::find(const Hash& hash) const {
  const auto at = by_hash_.find(hash);
  return at != by_hash_.end() && at->second->published ? at->second->transaction : nullptr;
}

const SenderQueue* Pool::queue(const Address& sender) const {
  const auto at = numbers_.find(sender);
  return at != numbers_.end() ? queue(std::size_t{at->second}) : nullptr;
}

const SenderQueue* Pool::queue(std::size_t number) const {
  return number < senders_.size() && senders_[number].queue ? &*senders_[number].queue : nullptr;
}

EntryPtr Pool::published(const Address& sender, Nonce nonce) const {
  const SenderQueue* pooled = queue(sender);
  const Slot* slot = pooled != nullptr ? pooled->find(nonce) : nullptr;
  return slot != nullptr ? slot->published : nullptr;
}

MempoolStatus Pool::status() const {
  return {totals_.executable, totals_.published - totals_.executable, totals_.bytes};
}

}  // namespace aitbc::mempool
