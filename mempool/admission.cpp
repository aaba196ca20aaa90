// Mempool::add: examine, reserve, write, publish.
#include "mempool/impl.hpp"
#include "mempool/journal.hpp"

namespace aitbc {

using mempool::Candidate;
using mempool::EntryPtr;
using mempool::Reservation;

namespace {

constexpr std::size_t kAtOnce = 128;  // transactions admitted before others get the lock

using Results = std::vector<Result<void>>;

// A candidate and its place in the results.
struct Admissible {
  Candidate candidate;
  std::size_t place;
};

std::vector<Admissible> examine_all(std::span<const TransactionPtr> transactions, const ChainRules& rules,
                                    const MempoolOptions& options, Results& results) {
  std::vector<Admissible> admissible;
  admissible.reserve(transactions.size());
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    auto candidate = mempool::examine(transactions[i], rules, options);
    if (candidate)
      admissible.push_back({std::move(*candidate), i});
    else
      results[i] = fail(std::move(candidate).error());
  }
  return admissible;
}

struct SenderAccount {
  Address sender;
  Account account;
};

Result<std::vector<SenderAccount>> read_accounts(const StateView& state, std::span<const Address> senders) {
  std::vector<SenderAccount> accounts;
  accounts.reserve(senders.size());
  for (const Address& sender : senders) {
    AITBC_ASSIGN(const auto account, state.account(sender));
    accounts.push_back({sender, account.value_or(Account::empty())});
  }
  return accounts;
}

WriteBatch to_batch(const Reservation& reservation) {
  WriteBatch batch;
  batch.reserve(reservation.removals.size() + reservation.evicted.size() + reservation.entries.size());
  for (const mempool::Arrival arrival : reservation.removals) mempool::append_removal(batch, arrival);
  for (const EntryPtr& entry : reservation.evicted) mempool::append_removal(batch, entry->arrival);
  for (const EntryPtr& entry : reservation.entries) mempool::append_put(batch, *entry);
  return batch;
}

class Admission {
 public:
  Admission(Mempool::Impl& impl, Seconds now, Results& results) : impl_(impl), now_(now), results_(results) {}

  void reserve(std::span<const Admissible> admissible);
  // Nothing was admitted.
  bool empty() const { return reservation_.entries.empty(); }
  Result<void> write();
  void publish();
  void abandon(const Error& why);

 private:
  void reserve_known(std::span<const Admissible> admissible);

  Mempool::Impl& impl_;
  const Seconds now_;
  Results& results_;
  Reservation reservation_;
  std::vector<std::size_t> places_;  // of the reserved ones, in the results
};

// A sender's account is read outside the lock, and again if the head has moved on meanwhile.
void Admission::reserve(std::span<const Admissible> admissible) {
  std::vector<SenderAccount> accounts;
  std::uint64_t read_at = 0;
  for (;;) {
    std::vector<Address> unknown;
    MempoolHead head;
    const bool done = impl_.locked([&] {
      if (read_at == impl_.head_changes)
        for (const auto& [sender, account] : accounts)
          impl_.pool.learn(sender, account.nonce, account.balance);
      for (const Admissible& one : admissible)
        if (!impl_.pool.knows(one.candidate.transaction->sender))
          unknown.push_back(one.candidate.transaction->sender);
      if (unknown.empty()) reserve_known(admissible);
      head = impl_.head;
      read_at = impl_.head_changes;
      return unknown.empty();
    });
    if (done) return;
    auto read = read_accounts(*head.state, unknown);
    if (!read) {
      for (const Admissible& one : admissible) results_[one.place] = fail(read.error());
      return;
    }
    accounts = std::move(*read);
  }
}

void Admission::reserve_known(std::span<const Admissible> admissible) {
  for (const auto& [candidate, place] : admissible) {
    results_[place] = impl_.pool.reserve(candidate, now_, reservation_);
    if (results_[place]) places_.push_back(place);
  }
}

Result<void> Admission::write() {
  reservation_.removals = impl_.locked([&] { return impl_.pool.take_removals(); });
  return impl_.store.write(to_batch(reservation_), Durability::synced);
}

void Admission::publish() {
  std::vector<TransactionPtr> executable;
  std::shared_ptr<const Mempool::Impl::Listener> listener;
  const std::span<const EntryPtr> entries = reservation_.entries;
  for (std::size_t from = 0; from < entries.size(); from += kAtOnce) {
    listener = impl_.locked([&] {
      for (const EntryPtr& entry : entries.subspan(from, std::min(kAtOnce, entries.size() - from)))
        impl_.pool.publish(entry, executable);
      return impl_.listener;
    });
  }
  impl_.locked([&] {
    for (const EntryPtr& entry : reservation_.evicted) impl_.pool.confirm_evicted(entry);
    return true;
  });
  if (listener && !executable.empty()) (*listener)(executable);
}

void Admission::abandon(const Error& why) {
  for (const std::size_t place : places_) results_[place] = fail(ErrorCode::io, why.message);
  impl_.locked([&] {
    for (auto entry = reservation_.entries.rbegin(); entry != reservation_.entries.rend(); ++entry)
      impl_.pool.abandon(*entry);
    for (auto entry = reservation_.evicted.rbegin(); entry != reservation_.evicted.rend(); ++entry)
      impl_.pool.restore_evicted(*entry);
    impl_.pool.return_removals(reservation_.removals);
    return true;
  });
}

}  // namespace

std::vector<Result<void>> Mempool::add(std::span<const TransactionPtr> transactions, Seconds now) {
  Results results(transactions.size());
  const std::vector<Admissible> admissible = examine_all(transactions, impl_->rules, impl_->options, results);
  Admission admission(*impl_, now, results);
  const std::span<const Admissible> all = admissible;
  for (std::size_t from = 0; from < all.size(); from += kAtOnce)
    admission.reserve(all.subspan(from, std::min(kAtOnce, all.size() - from)));
  if (admission.empty()) return results;
  if (const auto written = admission.write(); written)
    admission.publish();
  else
    admission.abandon(written.error());
  return results;
}

}  // namespace aitbc
