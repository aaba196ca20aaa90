#include "execution/state.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <numeric>
#include <utility>
#include <variant>

#include "base/check.hpp"
#include "execution/storage_overlay.hpp"

namespace aitbc {
namespace {

struct AccountSlot {
  Address address;
  bool existed = false;
  Account before;
  Account current;
  std::unique_ptr<StorageOverlay> storage;
};
using SlotIndex = std::uint32_t;

struct BalanceUndo {
  SlotIndex slot;
  Amount balance;
};
struct NonceUndo {
  SlotIndex slot;
  Nonce nonce;
};
struct CodeUndo {
  SlotIndex slot;
  Hash code_hash;
};
struct StorageUndo {
  SlotIndex slot;
  StorageEntry* entry;
  bool changed;
  std::optional<Bytes> written;
};
struct IssuanceUndo {
  Amount minted;
  Amount burned;
};
using Undo = std::variant<BalanceUndo, NonceUndo, CodeUndo, StorageUndo, IssuanceUndo>;

}  // namespace

struct State::Impl {
  explicit Impl(const StateView& view) : base(&view) {}

  const StateView* base;
  boost::unordered_flat_map<Address, SlotIndex, FixedBytesHash> index;  // look-ups only, never iterated
  std::vector<AccountSlot> slots;
  std::vector<Undo> journal;
  Amount minted;
  Amount burned;
  std::optional<Error> failure;
  std::optional<SlotIndex> last_with_storage;

  template <class T>
  std::optional<T> checked(Result<std::optional<T>> read) {
    if (read) return *std::move(read);
    if (!failure) failure = std::move(read).error();
    return std::nullopt;
  }

  SlotIndex slot_of(const Address& address) {
    const auto [position, inserted] = index.try_emplace(address, static_cast<SlotIndex>(slots.size()));
    if (!inserted) return position->second;
    const auto stored = checked(base->account(address));
    const Account account = stored.value_or(Account::empty());
    slots.push_back({address, stored.has_value(), account, account, nullptr});
    return static_cast<SlotIndex>(slots.size() - 1);
  }

  // A module asks for its own storage again and again.
  SlotIndex slot_with_storage(const Address& address) {
    if (!last_with_storage || slots[*last_with_storage].address != address)
      last_with_storage = slot_of(address);
    return *last_with_storage;
  }

  void set_balance(SlotIndex slot, Amount balance) {
    Account& account = slots[slot].current;
    journal.emplace_back(BalanceUndo{slot, account.balance});
    account.balance = balance;
  }

  StorageOverlay& overlay_of(SlotIndex slot) {
    auto& storage = slots[slot].storage;
    if (!storage) storage = std::make_unique<StorageOverlay>();
    return *storage;
  }

  StorageEntry& load(const Address& address, ByteView key) {
    return overlay_of(slot_with_storage(address)).load(key, [&] {
      return checked(base->storage(address, key));
    });
  }

  void write(const Address& address, ByteView key, std::optional<Bytes> value) {
    const SlotIndex slot = slot_with_storage(address);
    write_entry(slot, overlay_of(slot).load(key, [&] { return checked(base->storage(address, key)); }), key,
                std::move(value));
  }

  void write_new(const Address& address, ByteView key, Bytes value) {
    const SlotIndex slot = slot_with_storage(address);
    StorageEntry& entry = overlay_of(slot).load_absent(key);
    AITBC_CHECK(!entry.current(), "a key that was said to be new has a value");
    write_entry(slot, entry, key, std::move(value));
  }

  void write_entry(SlotIndex slot, StorageEntry& entry, ByteView key, std::optional<Bytes> value) {
    if (value) overlay_of(slot).gets_value(key);
    journal.emplace_back(StorageUndo{slot, &entry, entry.changed, std::move(entry.written)});
    entry.written = std::move(value);
    entry.changed = true;
  }

  void undo(BalanceUndo& old) { slots[old.slot].current.balance = old.balance; }
  void undo(NonceUndo& old) { slots[old.slot].current.nonce = old.nonce; }
  void undo(CodeUndo& old) { slots[old.slot].current.code_hash = old.code_hash; }
  void undo(StorageUndo& old) {
    slots[old.slot].storage->changed();
    old.entry->changed = old.changed;
    old.entry->written = std::move(old.written);
  }
  void undo(IssuanceUndo& old) {
    minted = old.minted;
    burned = old.burned;
  }

  // Returns whether anything changed.
  static bool take_storage(AccountSlot& slot, std::vector<StorageChange>& out) {
    if (!slot.storage) return false;
    const std::size_t size_before = out.size();
    for (StorageOverlay::Slot* const changed : slot.storage->changed_slots()) {
      StorageEntry& entry = changed->entry;
      if (entry.base == entry.written) continue;
      out.push_back({slot.address, to_bytes(changed->key), std::move(entry.base), std::move(entry.written)});
    }
    return out.size() != size_before;
  }
};

State::State(const StateView& base) : impl_(std::make_unique<Impl>(base)) {}
State::~State() = default;
State::State(State&&) noexcept = default;
State& State::operator=(State&&) noexcept = default;

Nonce State::nonce(const Address& address) { return impl_->slots[impl_->slot_of(address)].current.nonce; }
Amount State::balance(const Address& address) {
  return impl_->slots[impl_->slot_of(address)].current.balance;
}
Account State::account(const Address& address) { return impl_->slots[impl_->slot_of(address)].current; }

void State::set_nonce(const Address& address, Nonce nonce) {
  const SlotIndex slot = impl_->slot_of(address);
  Account& account = impl_->slots[slot].current;
  impl_->journal.emplace_back(NonceUndo{slot, account.nonce});
  account.nonce = nonce;
}

void State::set_code_hash(const Address& address, const Hash& code_hash) {
  const SlotIndex slot = impl_->slot_of(address);
  Account& account = impl_->slots[slot].current;
  impl_->journal.emplace_back(CodeUndo{slot, account.code_hash});
  account.code_hash = code_hash;
}

bool State::add_balance(const Address& address, Amount amount) {
  if (amount.is_zero()) return true;
  const SlotIndex slot = impl_->slot_of(address);
  const auto sum = checked_add(impl_->slots[slot].current.balance, amount);
  if (!sum) return false;
  impl_->set_balance(slot, *sum);
  return true;
}

bool State::sub_balance(const Address& address, Amount amount) {
  if (amount.is_zero()) return true;
  const SlotIndex slot = impl_->slot_of(address);
  const auto rest = checked_sub(impl_->slots[slot].current.balance, amount);
  if (!rest) return false;
  impl_->set_balance(slot, *rest);
  return true;
}

bool State::transfer(const Address& from, const Address& to, Amount amount) {
  if (amount.is_zero()) return true;
  const SlotIndex source = impl_->slot_of(from);
  const SlotIndex target = impl_->slot_of(to);
  const auto rest = checked_sub(impl_->slots[source].current.balance, amount);
  if (!rest) return false;
  if (source == target) return true;
  const auto sum = checked_add(impl_->slots[target].current.balance, amount);
  if (!sum) return false;
  impl_->set_balance(source, *rest);
  impl_->set_balance(target, *sum);
  return true;
}

bool State::mint(const Address& to, Amount amount) {
  const auto total = checked_add(impl_->minted, amount);
  if (!total || !add_balance(to, amount)) return false;
  impl_->journal.emplace_back(IssuanceUndo{impl_->minted, impl_->burned});
  impl_->minted = *total;
  return true;
}

bool State::burn(const Address& from, Amount amount) {
  const auto total = checked_add(impl_->burned, amount);
  if (!total || !sub_balance(from, amount)) return false;
  impl_->journal.emplace_back(IssuanceUndo{impl_->minted, impl_->burned});
  impl_->burned = *total;
  return true;
}

Amount State::minted() const { return impl_->minted; }
Amount State::burned() const { return impl_->burned; }

const Bytes* State::get(const Address& address, ByteView key) {
  const auto& value = impl_->load(address, key).current();
  return value ? &*value : nullptr;
}

void State::prefetch(const Address& address, std::initializer_list<ByteView> keys) const {
  impl_->base->prefetch(address, {keys.begin(), keys.size()});
}

void State::put(const Address& address, ByteView key, Bytes value) {
  impl_->write(address, key, std::move(value));
}

void State::put_new(const Address& address, ByteView key, Bytes value) {
  impl_->write_new(address, key, std::move(value));
}

void State::erase(const Address& address, ByteView key) { impl_->write(address, key, std::nullopt); }

std::optional<KeyValue> State::lower_bound(const Address& address, ByteView from) {
  return impl_->overlay_of(impl_->slot_with_storage(address)).lower_bound(from, [&](ByteView key) {
    return impl_->checked(impl_->base->storage_lower_bound(address, key));
  });
}

void State::expect_new_keys(const Address& address, ByteView from) {
  impl_->overlay_of(impl_->slot_with_storage(address)).learn_gap(from, [&](ByteView key) {
    return impl_->checked(impl_->base->storage_lower_bound(address, key));
  });
}

State::Checkpoint State::checkpoint() const { return {impl_->journal.size()}; }

void State::rollback(Checkpoint checkpoint) {
  auto& journal = impl_->journal;
  AITBC_CHECK(checkpoint.journal_size <= journal.size(), "a rollback goes to a checkpoint that still stands");
  while (journal.size() > checkpoint.journal_size) {
    std::visit([this](auto& entry) { impl_->undo(entry); }, journal.back());
    journal.pop_back();
  }
}

void State::discard_checkpoints() { impl_->journal.clear(); }

const std::optional<Error>& State::failure() const { return impl_->failure; }

StateDiff State::take_diff() && {
  auto& slots = impl_->slots;
  std::vector<SlotIndex> order(slots.size());
  std::iota(order.begin(), order.end(), SlotIndex{0});
  std::sort(order.begin(), order.end(),
            [&](SlotIndex a, SlotIndex b) { return slots[a].address < slots[b].address; });
  StateDiff diff;
  diff.minted = impl_->minted;
  diff.burned = impl_->burned;
  diff.accounts.reserve(slots.size());
  for (const SlotIndex index : order) {
    AccountSlot& slot = slots[index];
    const bool storage_changed = Impl::take_storage(slot, diff.storage);
    const bool is_gone = slot.current.is_empty();
    AITBC_CHECK(!storage_changed || !is_gone, "an account with storage has a nonce, a balance or code");
    const bool account_changed = slot.existed ? is_gone || slot.before != slot.current : !is_gone;
    if (!account_changed && !storage_changed) continue;
    diff.accounts.push_back({slot.address, slot.existed ? std::optional(slot.before) : std::nullopt,
                             is_gone ? std::nullopt : std::optional(slot.current)});
  }
  return diff;
}

}  // namespace aitbc
