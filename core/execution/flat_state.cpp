#include "execution/flat_state.hpp"

#include <mutex>
#include <utility>

#include "crypto/keccak.hpp"

namespace aitbc {
namespace {

constexpr std::uint8_t kAccountPrefix = 'a';
constexpr std::uint8_t kStoragePrefix = 's';
constexpr std::size_t kStorageKeyOffset = 1 + Address::kSize;

Error damaged(const char* what) { return {ErrorCode::corruption, std::string("state table: ") + what}; }

Bytes account_key_of_hash(const Hash& address_hash) {
  Bytes key;
  key.reserve(1 + Hash::kSize);
  key.push_back(kAccountPrefix);
  append(key, address_hash);
  return key;
}

// Hashed several at a time.
std::vector<Hash> address_hashes(const std::vector<AccountChange>& changes) {
  std::vector<ByteView> addresses;
  addresses.reserve(changes.size());
  for (const AccountChange& change : changes) addresses.push_back(change.address);
  std::vector<Hash> hashes(changes.size());
  keccak256_batch(addresses, hashes);
  return hashes;
}

struct StoredAccount {
  Address address;
  Account account;
};
Result<StoredAccount> decode_stored(ByteView value) {
  if (value.size() < Address::kSize) return fail(damaged("an account is cut short"));
  const auto account = decode_account(value.subspan(Address::kSize));
  if (!account) return fail(damaged("an account does not decode"));
  return StoredAccount{Address::from(value.first(Address::kSize)), *account};
}

class FlatStateView final : public StateView {
 public:
  explicit FlatStateView(std::shared_ptr<const Snapshot> snapshot) : snapshot_(std::move(snapshot)) {}

  Result<std::optional<Account>> account(const Address& address) const override {
    AITBC_ASSIGN(const auto value, snapshot_->get(Table::state, account_key(address)));
    if (!value) return std::nullopt;
    AITBC_ASSIGN(const StoredAccount stored, decode_stored(*value));
    if (stored.address != address) return fail(damaged("an account is stored under another one's key"));
    return stored.account;
  }

  Result<std::optional<Bytes>> storage(const Address& address, ByteView key) const override {
    return snapshot_->get(Table::state, storage_key(address, key));
  }

  Result<std::optional<KeyValue>> storage_lower_bound(const Address& address, ByteView from) const override {
    std::unique_ptr<Iterator> iterator = take_iterator();
    iterator->seek(storage_key(address, from));
    std::optional<KeyValue> found;
    if (!iterator->valid()) {
      AITBC_TRY(iterator->status());
    } else if (starts_with(iterator->key(), storage_key(address, {}))) {
      found = KeyValue{to_bytes(iterator->key().subspan(kStorageKeyOffset)), to_bytes(iterator->value())};
    }
    give_back(std::move(iterator));
    return found;
  }

 private:
  // Making an iterator costs several look-ups, so one is kept between calls.
  std::unique_ptr<Iterator> take_iterator() const {
    {
      const std::lock_guard lock(mutex_);
      if (idle_iterator_) return std::move(idle_iterator_);
    }
    return snapshot_->iterate(Table::state);
  }
  void give_back(std::unique_ptr<Iterator> iterator) const {
    const std::lock_guard lock(mutex_);
    idle_iterator_ = std::move(iterator);
  }

  std::shared_ptr<const Snapshot> snapshot_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<Iterator> idle_iterator_;  // destroyed before the snapshot it reads
};

}  // namespace

Bytes account_key(const Address& address) { return account_key_of_hash(keccak256(address)); }

Bytes storage_key(const Address& address, ByteView key) {
  Bytes out;
  out.reserve(kStorageKeyOffset + key.size());
  out.push_back(kStoragePrefix);
  append(out, address);
  append(out, key);
  return out;
}

std::shared_ptr<const StateView> make_flat_state_view(std::shared_ptr<const Snapshot> snapshot) {
  return std::make_shared<FlatStateView>(std::move(snapshot));
}

Result<void> for_each_account(const Snapshot& snapshot,
                              const std::function<void(const Address&, const Account&)>& visit) {
  const Bytes prefix{kAccountPrefix};
  const std::unique_ptr<Iterator> iterator = snapshot.iterate(Table::state);
  for (iterator->seek(prefix); iterator->valid() && starts_with(iterator->key(), prefix); iterator->next()) {
    AITBC_ASSIGN(const StoredAccount stored, decode_stored(iterator->value()));
    visit(stored.address, stored.account);
  }
  return iterator->status();
}

void append_state_diff(WriteBatch& batch, const StateDiff& diff) {
  const std::vector<Hash> hashes = address_hashes(diff.accounts);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const AccountChange& change = diff.accounts[i];
    Bytes key = account_key_of_hash(hashes[i]);
    if (!change.after) {
      batch.erase(Table::state, std::move(key));
      continue;
    }
    Bytes value = to_bytes(change.address);
    append(value, encode(*change.after));
    batch.put(Table::state, std::move(key), std::move(value));
  }
  for (const StorageChange& change : diff.storage) {
    Bytes key = storage_key(change.address, change.key);
    if (change.after) {
      batch.put(Table::state, std::move(key), *change.after);
    } else {
      batch.erase(Table::state, std::move(key));
    }
  }
}

}  // namespace aitbc
