#include "node/chain/state_cache.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

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

}  // namespace

struct CachedStateView::Impl {
  explicit Impl(std::size_t most_bytes) : accounts(most_bytes / 4), storage(most_bytes - most_bytes / 4) {}

  std::shared_ptr<const StateView> base;
  RecentlyUsed<AccountTable> accounts;
  RecentlyUsed<BytesTable> storage;  // by storage_key()
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
  return impl_->base->storage_lower_bound(address, from);
}

}  // namespace aitbc::chain
