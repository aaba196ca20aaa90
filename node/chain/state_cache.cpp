#include "node/chain/state_cache.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include "execution/flat_state.hpp"

namespace aitbc::chain {
namespace {

struct ByteEqual {
  using is_transparent = void;
  bool operator()(ByteView a, ByteView b) const { return equal(a, b); }
};

// What was used last, in two halves: when the newer is full, it becomes the older one, and that is dropped.
template <class Map>
class RecentlyUsed {
 public:
  explicit RecentlyUsed(std::size_t most) : half_(std::max<std::size_t>(most / 2, 1)) {}

  // Null when it is not known. Valid until the next call.
  template <class Key>
  const typename Map::mapped_type* find(const Key& key) {
    if (const auto found = newer_.find(key); found != newer_.end()) return &found->second;
    const auto found = older_.find(key);
    if (found == older_.end()) return nullptr;
    return &put(found->first, std::move(found->second));
  }

  const typename Map::mapped_type& put(typename Map::key_type key, typename Map::mapped_type value) {
    if (newer_.size() >= half_) {
      older_ = std::move(newer_);
      newer_.clear();
    }
    return newer_.insert_or_assign(std::move(key), std::move(value)).first->second;
  }

 private:
  std::size_t half_;
  Map newer_;
  Map older_;
};

}  // namespace

struct CachedStateView::Impl {
  explicit Impl(std::size_t most) : accounts(most), storage(most) {}

  std::shared_ptr<const StateView> base;
  RecentlyUsed<boost::unordered_flat_map<Address, std::optional<Account>, FixedBytesHash>> accounts;
  // By storage_key().
  RecentlyUsed<boost::unordered_flat_map<Bytes, std::optional<Bytes>, KeyedBytesHash, ByteEqual>> storage;
};

CachedStateView::CachedStateView(std::size_t max_entries) : impl_(std::make_unique<Impl>(max_entries)) {}
CachedStateView::~CachedStateView() = default;

void CachedStateView::rebase(std::shared_ptr<const Snapshot> snapshot) {
  impl_->base = make_flat_state_view(std::move(snapshot));
}

void CachedStateView::absorb(const StateDiff& diff) {
  for (const AccountChange& change : diff.accounts) impl_->accounts.put(change.address, change.after);
  for (const StorageChange& change : diff.storage)
    impl_->storage.put(storage_key(change.address, change.key), change.after);
}

Result<std::optional<Account>> CachedStateView::account(const Address& address) const {
  if (const auto* known = impl_->accounts.find(address)) return *known;
  AITBC_ASSIGN(auto account, impl_->base->account(address));
  return impl_->accounts.put(address, account);
}

Result<std::optional<Bytes>> CachedStateView::storage(const Address& address, ByteView key) const {
  Bytes full_key = storage_key(address, key);
  if (const auto* known = impl_->storage.find(full_key)) return *known;
  AITBC_ASSIGN(auto value, impl_->base->storage(address, key));
  return impl_->storage.put(std::move(full_key), std::move(value));
}

Result<std::optional<KeyValue>> CachedStateView::storage_lower_bound(const Address& address,
                                                                     ByteView from) const {
  return impl_->base->storage_lower_bound(address, from);
}

}  // namespace aitbc::chain
