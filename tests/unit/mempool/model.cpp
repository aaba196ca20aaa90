#include "model.hpp"

#include <algorithm>

namespace aitbc::test {

namespace {

uint128 cost_of(const TransactionPtr& one) {
  return uint128{one->transaction.gas_limit} * one->transaction.max_fee_per_gas.low_u64() +
         one->transaction.value.low_u64();
}
std::uint64_t tip(const TransactionPtr& one) { return one->transaction.max_priority_fee_per_gas.low_u64(); }
std::uint64_t cap(const TransactionPtr& one) { return one->transaction.max_fee_per_gas.low_u64(); }

// What a unit of gas brings above (or lacks to) the base fee.
std::int64_t worth(const TransactionPtr& one, Amount base_fee) {
  const auto base = static_cast<std::int64_t>(base_fee.units());
  return std::min(static_cast<std::int64_t>(tip(one)), static_cast<std::int64_t>(cap(one)) - base);
}

bool raises(std::uint64_t bid, std::uint64_t old, std::uint64_t percent) {
  return bid > old && bid * 100 >= old * (100 + percent);
}

}  // namespace

Account Model::account(const Address& sender) const {
  const auto at = accounts_.find(sender);
  return at != accounts_.end() ? at->second : Account::empty();
}

std::size_t Model::size() const {
  std::size_t count = 0;
  for (const auto& [sender, queue] : queues_) count += queue.size();
  return count;
}

std::size_t Model::bytes() const {
  std::size_t sum = 0;
  for (const auto& [sender, queue] : queues_)
    for (const auto& [nonce, one] : queue) sum += one.transaction->wire.size();
  return sum;
}

std::size_t Model::executable(const Address& sender) const {
  const auto queue = queues_.find(sender);
  if (queue == queues_.end()) return 0;
  const Account from = account(sender);
  Nonce expected = from.nonce;
  uint128 spent = 0;
  std::size_t count = 0;
  for (const auto& [nonce, one] : queue->second) {
    spent += cost_of(one.transaction);
    if (nonce != expected || spent > from.balance.units()) break;
    ++expected;
    ++count;
  }
  return count;
}

std::vector<std::string> Model::add_all(const std::vector<TransactionPtr>& transactions, Seconds now) {
  first_of_batch_ = next_order_;
  std::vector<std::string> answers;
  for (const TransactionPtr& one : transactions) answers.push_back(add(one, now));
  return answers;
}

std::string Model::add(const TransactionPtr& newcomer, Seconds now) {
  Queue& queue = queues_[newcomer->sender];
  const Account from = account(newcomer->sender);
  const Nonce nonce = newcomer->transaction.nonce;
  const auto old = queue.find(nonce);
  if (old != queue.end() && old->second.transaction->hash == newcomer->hash) return "already known";
  if (nonce < from.nonce) return "nonce too low";
  Nonce missing = from.nonce;
  while (queue.contains(missing)) ++missing;
  if (nonce > missing + options_.max_nonce_gap) return "nonce too high";
  uint128 needed = cost_of(newcomer);
  for (const auto& [earlier, one] : queue)
    if (earlier < nonce) needed += cost_of(one.transaction);
  if (needed > from.balance.units()) return "insufficient funds for gas * price + value";
  if (old != queue.end() &&
      (!raises(tip(newcomer), tip(old->second.transaction), options_.replacement_percent) ||
       !raises(cap(newcomer), cap(old->second.transaction), options_.replacement_percent)))
    return "replacement transaction underpriced";
  if (old == queue.end() && queue.size() >= options_.max_transactions_per_sender)
    return "account limit exceeded";
  if (!make_room(newcomer, nonce <= missing)) return "txpool is full";
  queue[nonce] = {newcomer, next_order_++, now};
  return "";
}

bool Model::make_room(const TransactionPtr& newcomer, bool executable_newcomer) {
  const auto before = queues_;
  const auto own = queues_[newcomer->sender].find(newcomer->transaction.nonce);
  const bool replaces = own != queues_[newcomer->sender].end();
  const std::size_t freed = replaces ? own->second.transaction->wire.size() : 0;
  while (size() + (replaces ? 0 : 1) > options_.max_transactions ||
         bytes() + newcomer->wire.size() - freed > options_.max_bytes) {
    using Rank = std::pair<bool, std::int64_t>;
    Rank least{executable_newcomer, worth(newcomer, base_fee_)};
    Queue* victim = nullptr;
    for (auto& [sender, queue] : queues_) {
      if (sender == newcomer->sender || queue.empty()) continue;
      if (queue.rbegin()->second.order >= first_of_batch_) continue;
      const Rank rank{executable(sender) == queue.size(),
                      worth(queue.rbegin()->second.transaction, base_fee_)};
      if (rank < least) std::tie(least, victim) = std::pair(rank, &queue);
    }
    if (victim == nullptr) {
      queues_ = before;
      return false;
    }
    victim->erase(std::prev(victim->end()));
  }
  return true;
}

void Model::changed(const Address& sender) { drop_invalid(sender); }

void Model::drop_invalid(const Address& sender) {
  const Account from = account(sender);
  std::erase_if(queues_[sender], [&](const auto& one) {
    return one.first < from.nonce || cost_of(one.second.transaction) > from.balance.units();
  });
}

void Model::expire(Seconds now) {
  const auto lifetime = static_cast<Seconds>(options_.lifetime.count());
  for (auto& [sender, queue] : queues_)
    std::erase_if(queue, [&](const auto& one) { return one.second.since + lifetime < now; });
}

void Model::reload(Seconds now) {
  for (auto& [sender, queue] : queues_) drop_invalid(sender);
  expire(now);
}

Mempool::SenderContent Model::content(const Address& sender) const {
  Mempool::SenderContent content;
  const auto queue = queues_.find(sender);
  if (queue == queues_.end()) return content;
  const std::size_t ready = executable(sender);
  for (const auto& [nonce, one] : queue->second)
    (content.pending.size() < ready ? content.pending : content.queued).push_back(one.transaction);
  return content;
}

std::vector<TransactionPtr> Model::select(Gas gas) const {
  std::map<Address, std::size_t> taken;
  std::map<Address, bool> finished;
  std::vector<TransactionPtr> chosen;
  for (;;) {
    const Waiting* best = nullptr;
    for (const auto& [sender, queue] : queues_) {
      if (finished[sender] || taken[sender] >= executable(sender)) continue;
      const Waiting& next = std::next(queue.begin(), static_cast<std::ptrdiff_t>(taken[sender]))->second;
      const auto key = [&](const Waiting& one) {
        return std::pair(-worth(one.transaction, base_fee_), one.order);
      };
      if (cap(next.transaction) < base_fee_.units()) continue;
      if (best == nullptr || key(next) < key(*best)) best = &next;
    }
    if (best == nullptr || gas < 21'000) return chosen;
    const Address& sender = best->transaction->sender;
    if (best->transaction->transaction.gas_limit > gas) {
      finished[sender] = true;
      continue;
    }
    gas -= best->transaction->transaction.gas_limit;
    chosen.push_back(best->transaction);
    ++taken[sender];
  }
}

}  // namespace aitbc::test
