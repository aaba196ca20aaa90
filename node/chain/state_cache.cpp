#include "node/chain/state_cache.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <map>

#include "base/bytes_table.hpp"
#include "execution/flat_state.hpp"

namespace aitbc::chain {
namespace {

class AccountTable {
 public:
  struct Entry {
    Address address;
    std::optional<Account> account;
    const Address& key() const { return address; }
    const std::optional<Account>& value() const { return account; }
  };
  const Entry* find(const Address& address) const {
    const auto found = entries_.find(address);
    return found == entries_.end() ? nullptr : &found->second;
  }
  const Entry& put(const Address& address, const std::optional<Account>& account) {
    return entries_.insert_or_assign(address, Entry{address, account}).first->second;
  }
  void clear() { entries_.clear(); }
  std::size_t memory() const { return entries_.size() * sizeof(Entry) * 3 / 2; }  // at a usual load

 private:
  boost::unordered_flat_map<Address, Entry, FixedBytesHash> entries_;
};

// What was used last, within a bound on memory, in two halves: when the newer is full, it becomes the older
// one, and that is dropped.
template <class Table>
class RecentlyUsed {
 public:
  explicit RecentlyUsed(std::size_t most_bytes) : half_(most_bytes / 2) {}

  // Null when it is not known. Valid until the next call.
  template <class Key>
  const typename Table::Entry* find(const Key& key) {
    if (const auto* found = newer_.find(key)) return found;
    const auto* found = older_.find(key);
    return found == nullptr ? nullptr : &put(found->key(), found->value());
  }

  // As BytesTable has it. What was not used for long is not among it.
  void prefetch(std::span<const ByteView> keys) const { newer_.prefetch(keys); }

  template <class Key, class Value>
  const typename Table::Entry& put(const Key& key, const Value& value) {
    const auto& entry = newer_.put(key, value);
    if (newer_.memory() >= half_) {
      std::swap(older_, newer_);  // entries stay where they are
      newer_.clear();
    }
    return entry;
  }

 private:
  std::size_t half_;
  Table newer_;
  Table older_;
};

// Stretches of an account's storage without an entry. Where a queue was emptied from its front, the database
// steps over all that was deleted there whenever it is asked for the first entry, until compaction has come
// by. Of the keys with the same first byte, which modules give to keys of one kind, one stretch is known: the
// one that starts lowest.
class EmptyStretches {
 public:
  struct Stretch {
    Bytes from;
    std::optional<Bytes> until;  // not part of it; nullopt: to the end of the account's storage
  };

  // Null when none is known to contain the key.
  const Stretch* covering(const Address& address, ByteView key) const {
    const auto at = stretches_.find(group_of(address, key));
    return at != stretches_.end() && covers(at->second, key) ? &at->second : nullptr;
  }
  // The first entry at or after `from` is this one.
  void learn(const Address& address, ByteView from, const std::optional<KeyValue>& first) {
    std::optional<Bytes> until;
    if (first) until = first->key;
    const auto [at, is_new] = stretches_.try_emplace(group_of(address, from));
    Stretch& known = at->second;
    if (is_new || compare(from, known.from) < 0)
      known = {to_bytes(from), std::move(until)};
    else if (covers(known, from))
      known.until = std::move(until);
  }
  void absorb(const StateDiff& diff) {
    for (auto& [group, stretch] : stretches_) {
      const OrderedPlace start{group.first, stretch.from};
      auto change =
          std::lower_bound(diff.storage.begin(), diff.storage.end(), start, [](const auto& a, const auto& b) {
            return a.address != b.address ? a.address < b.address : compare(a.key, b.key) < 0;
          });
      for (; change != diff.storage.end() && change->address == group.first && covers(stretch, change->key);
           ++change)
        if (change->after) stretch.until = change->key;
    }
  }

 private:
  struct OrderedPlace {
    Address address;
    ByteView key;
  };
  using Group = std::pair<Address, Bytes>;
  static Group group_of(const Address& address, ByteView key) {
    return {address, to_bytes(key.first(std::min<std::size_t>(key.size(), 1)))};
  }
  static bool covers(const Stretch& stretch, ByteView key) {
    return compare(key, stretch.from) >= 0 && (!stretch.until || compare(key, *stretch.until) < 0);
  }

  std::map<Group, Stretch> stretches_;
};

}  // namespace

struct CachedStateView::Impl {
  explicit Impl(std::size_t most_bytes) : accounts(most_bytes / 6), storage(most_bytes - most_bytes / 6) {}

  std::shared_ptr<const StateView> base;
  RecentlyUsed<AccountTable> accounts;
  RecentlyUsed<BytesTable> storage;  // by storage_key()
  EmptyStretches empty;
};

CachedStateView::CachedStateView(std::size_t max_bytes) : impl_(std::make_unique<Impl>(max_bytes)) {}
CachedStateView::~CachedStateView() = default;

void CachedStateView::rebase(std::shared_ptr<const Snapshot> snapshot) {
  impl_->base = make_flat_state_view(std::move(snapshot));
}

void CachedStateView::absorb(const StateDiff& diff) {
  for (const AccountChange& change : diff.accounts) impl_->accounts.put(change.address, change.after);
  for (const StorageChange& change : diff.storage)
    impl_->storage.put(storage_key(change.address, change.key), view_of(change.after));
  impl_->empty.absorb(diff);
}

Result<std::optional<Account>> CachedStateView::account(const Address& address) const {
  if (const auto* known = impl_->accounts.find(address)) return known->value();
  AITBC_ASSIGN(auto account, impl_->base->account(address));
  impl_->accounts.put(address, account);
  return account;
}

Result<std::optional<Bytes>> CachedStateView::storage(const Address& address, ByteView key) const {
  const Bytes full_key = storage_key(address, key);
  if (const auto* known = impl_->storage.find(full_key)) {
    const auto value = known->value();
    return value ? std::optional(to_bytes(*value)) : std::nullopt;
  }
  AITBC_ASSIGN(auto value, impl_->base->storage(address, key));
  impl_->storage.put(full_key, view_of(value));
  return value;
}

Result<std::optional<KeyValue>> CachedStateView::storage_lower_bound(const Address& address,
                                                                     ByteView from) const {
  const EmptyStretches::Stretch* const empty = impl_->empty.covering(address, from);
  if (empty != nullptr && !empty->until) return std::nullopt;
  AITBC_ASSIGN(auto found,
               impl_->base->storage_lower_bound(address, empty == nullptr ? from : ByteView(*empty->until)));
  impl_->empty.learn(address, from, found);
  return found;
}

void CachedStateView::prefetch(const Address& address, std::span<const ByteView> keys) const {
  std::vector<Bytes> full_keys;
  for (const ByteView key : keys) full_keys.push_back(storage_key(address, key));
  const std::vector<ByteView> views(full_keys.begin(), full_keys.end());
  impl_->storage.prefetch(views);
}

}  // namespace aitbc::chain
