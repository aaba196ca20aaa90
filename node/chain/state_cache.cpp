#include "node/chain/state_cache.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <string_view>

#include "execution/flat_state.hpp"

namespace aitbc::chain {
namespace {

struct ByteHash {
  using is_transparent = void;
  std::size_t operator()(ByteView bytes) const { return std::hash<std::string_view>{}(as_text(bytes)); }
};
struct ByteEqual {
  using is_transparent = void;
  bool operator()(ByteView a, ByteView b) const { return equal(a, b); }
};

}  // namespace

struct CachedStateView::Impl {
  std::size_t max_entries;
  std::shared_ptr<const StateView> base;
  boost::unordered_flat_map<Address, std::optional<Account>, FixedBytesHash> accounts;
  boost::unordered_flat_map<Bytes, std::optional<Bytes>, ByteHash, ByteEqual> storage;  // by storage_key()

  template <class Map>
  void make_room(Map& map) const {
    if (map.size() >= max_entries) map.clear();
  }
};

CachedStateView::CachedStateView(std::size_t max_entries) : impl_(std::make_unique<Impl>()) {
  impl_->max_entries = std::max<std::size_t>(max_entries, 1);
}
CachedStateView::~CachedStateView() = default;

void CachedStateView::rebase(std::shared_ptr<const Snapshot> snapshot) {
  impl_->base = make_flat_state_view(std::move(snapshot));
}

void CachedStateView::absorb(const StateDiff& diff) {
  for (const AccountChange& change : diff.accounts) {
    impl_->make_room(impl_->accounts);
    impl_->accounts.insert_or_assign(change.address, change.after);
  }
  for (const StorageChange& change : diff.storage) {
    impl_->make_room(impl_->storage);
    impl_->storage.insert_or_assign(storage_key(change.address, change.key), change.after);
  }
}

Result<std::optional<Account>> CachedStateView::account(const Address& address) const {
  if (const auto found = impl_->accounts.find(address); found != impl_->accounts.end()) return found->second;
  AITBC_ASSIGN(auto account, impl_->base->account(address));
  impl_->make_room(impl_->accounts);
  impl_->accounts.emplace(address, account);
  return account;
}

Result<std::optional<Bytes>> CachedStateView::storage(const Address& address, ByteView key) const {
  Bytes full_key = storage_key(address, key);
  if (const auto found = impl_->storage.find(full_key); found != impl_->storage.end()) return found->second;
  AITBC_ASSIGN(auto value, impl_->base->storage(address, key));
  impl_->make_room(impl_->storage);
  impl_->storage.emplace(std::move(full_key), value);
  return value;
}

Result<std::optional<KeyValue>> CachedStateView::storage_lower_bound(const Address& address,
                                                                     ByteView from) const {
  return impl_->base->storage_lower_bound(address, from);
}

}  // namespace aitbc::chain
