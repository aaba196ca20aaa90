#include "mempool/mempool.hpp"

#include "base/check.hpp"
#include "mempool/impl.hpp"
#include "mempool/journal.hpp"
#include "mempool/selection.hpp"

namespace aitbc {

using mempool::Arrival;
using mempool::EntryPtr;
using mempool::SenderQueue;

namespace {

// How much is done before others get the lock.
constexpr std::size_t kChosenAtOnce = 1024;
constexpr std::size_t kChangedAtOnce = 256;
constexpr std::size_t kDroppedAtOnce = 1024;
constexpr std::size_t kListedAtOnce = 1024;

Mempool::SenderContent content_of(const SenderQueue& queue) {
  Mempool::SenderContent content;
  const auto slots = queue.slots();
  for (std::size_t i = 0; i < slots.size(); ++i)
    if (slots[i].published)
      (i < queue.executable() ? content.pending : content.queued).push_back(slots[i].published->transaction);
  return content;
}

}  // namespace

// ---- opening

void Mempool::Impl::set_head(const MempoolHead& next) {
  head = next;
  ++head_changes;
  pool.set_head(next.next_base_fee, next.gas_limit);
}

Seconds Mempool::Impl::oldest_alive(Seconds now) const {
  const auto lifetime = static_cast<Seconds>(options.lifetime.count());
  return now > lifetime ? now - lifetime : 0;
}

Result<void> Mempool::Impl::remove_stored() {
  std::vector<Arrival> removals;
  {
    const std::lock_guard lock(mutex);
    removals = pool.take_removals();
  }
  if (removals.empty()) return {};
  WriteBatch batch;
  batch.reserve(removals.size());
  for (const Arrival arrival : removals) mempool::append_removal(batch, arrival);
  auto written = store.write(batch, Durability::buffered);
  if (written) return {};
  const std::lock_guard lock(mutex);
  pool.return_removals(removals);
  return written;
}

Result<void> Mempool::Impl::load(Seconds now) {
  AITBC_ASSIGN(const auto stored, mempool::read_journal(*store.snapshot()));
  for (const auto& [arrival, since, transaction] : stored) {
    const auto candidate = mempool::examine(transaction, rules, options);
    if (!candidate) {
      pool.return_removals({&arrival, 1});
      continue;
    }
    if (!pool.knows(transaction->sender)) {
      AITBC_ASSIGN(const auto account, head.state->account(transaction->sender));
      const Account known = account.value_or(Account::empty());
      pool.learn(transaction->sender, known.nonce, known.balance);
    }
    pool.load(*candidate, arrival, since);
  }
  pool.expire(oldest_alive(now), stored.size());
  pool.enforce_limits();
  pool.take_dropped();
  return remove_stored();
}

Mempool::Mempool() = default;
Mempool::~Mempool() = default;

Result<std::unique_ptr<Mempool>> Mempool::open(Store& store, const ChainRules& rules,
                                               const MempoolOptions& options, MempoolHead head, Seconds now) {
  std::unique_ptr<Mempool> opened(new Mempool);
  opened->impl_ = std::make_unique<Impl>(store, rules, options);
  opened->impl_->set_head(head);
  AITBC_TRY(opened->impl_->load(now));
  return opened;
}

void Mempool::on_admitted(std::function<void(std::span<const TransactionPtr>)> listener) {
  auto shared = std::make_shared<const Impl::Listener>(std::move(listener));
  const std::lock_guard lock(impl_->mutex);
  impl_->listener = std::move(shared);
}

// ---- blocks

namespace {

class PoolCandidates final : public CandidateSource {
 public:
  PoolCandidates(mempool::TurnMutex& mutex, const mempool::Pool& pool, Amount base_fee)
      : mutex_(mutex), pool_(pool), selection_(base_fee) {
    {
      const std::lock_guard lock(mutex_);
      selection_.start(pool_);
    }
    selection_.order();
  }

  std::vector<TransactionPtr> next(Gas gas, std::size_t bytes) override {
    selection_.begin_round(gas, bytes);
    for (bool more = true; more;) {
      const std::lock_guard lock(mutex_);
      more = selection_.take(pool_, kChosenAtOnce);
    }
    return selection_.end_round();
  }

 private:
  mempool::TurnMutex& mutex_;
  const mempool::Pool& pool_;
  mempool::Selection selection_;
};

}  // namespace

std::unique_ptr<CandidateSource> Mempool::candidates(Amount base_fee) const {
  return std::make_unique<PoolCandidates>(impl_->mutex, impl_->pool, base_fee);
}

std::vector<TransactionPtr> Mempool::select(Amount base_fee, Gas gas, std::size_t bytes) const {
  PoolCandidates candidates(impl_->mutex, impl_->pool, base_fee);
  std::vector<TransactionPtr> chosen;
  for (;;) {
    const auto round = candidates.next(gas, bytes);
    if (round.empty()) return chosen;
    for (const TransactionPtr& one : round) {
      gas -= one->transaction.gas_limit;
      bytes -= one->wire.size();
    }
    chosen.insert(chosen.end(), round.begin(), round.end());
  }
}

Result<void> Mempool::committed(const CommittedBlock& block, Seconds now) {
  AITBC_CHECK(block.transactions.empty() || !block.accounts.empty(),
              "a block with transactions changes accounts");
  mempool::Pool& pool = impl_->pool;
  impl_->locked([&] {
    impl_->set_head(block.head);
    return true;
  });
  for (std::size_t next = 0; next < block.accounts.size();) {
    impl_->locked([&] {
      const std::size_t end = std::min(next + kChangedAtOnce, block.accounts.size());
      for (; next < end && pool.dropped() < kDroppedAtOnce; ++next) {
        const AccountChange& change = block.accounts[next];
        const Account after = change.after.value_or(Account::empty());
        pool.account_changed(change.address, after.nonce, after.balance);
      }
      return true;
    });
  }
  while (impl_->locked([&] { return pool.expire(impl_->oldest_alive(now), kDroppedAtOnce); })) {
  }
  return impl_->remove_stored();
}

// ---- questions

TransactionPtr Mempool::find(const Hash& hash) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->pool.find(hash);
}

Nonce Mempool::next_nonce(const Address& sender) const {
  std::shared_ptr<const StateView> state;
  {
    const std::lock_guard lock(impl_->mutex);
    if (const SenderQueue* queue = impl_->pool.queue(sender)) return queue->next_nonce();
    state = impl_->head.state;
  }
  const auto account = state->account(sender);
  return account && *account ? (*account)->nonce : 0;
}

MempoolStatus Mempool::status() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->pool.status();
}

std::map<Address, Mempool::SenderContent> Mempool::content() const {
  std::map<Address, SenderContent> content;
  for (std::size_t next = 0, end = 1; next < end;) {
    const std::lock_guard lock(impl_->mutex);
    end = impl_->pool.sender_numbers();
    for (std::size_t listed = 0; next < end && listed < kListedAtOnce; ++next) {
      const SenderQueue* queue = impl_->pool.queue(next);
      listed += 1;
      if (queue == nullptr || queue->totals().published == 0) continue;
      listed += queue->totals().published;
      content[queue->address()] = content_of(*queue);
    }
  }
  return content;
}

Mempool::SenderContent Mempool::content_from(const Address& sender) const {
  const std::lock_guard lock(impl_->mutex);
  const SenderQueue* queue = impl_->pool.queue(sender);
  return queue != nullptr ? content_of(*queue) : SenderContent{};
}

std::uint64_t Mempool::evictions() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->pool.evictions();
}

}  // namespace aitbc
