#include "execution/state.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <numeric>
#include <utility>
#include <variant>

#include "base/check.hpp"

namespace aitbc {
namespace {

// What is known of one storage key. Every entry has been looked up in (or worked out from) the base, so the
// overlay is at once the block's changes and its cache.
struct StorageEntry {
  std::optional<Bytes> base;
  std::optional<Bytes> written;  // instead of `base`, once changed
  bool changed = false;
  // The base has no key between this entry's and the next entry's (or, for the last entry, after it).
  bool nothing_until_next = false;

  const std::optional<Bytes>& current() const { return changed ? written : base; }
};

struct KeyOrder {
  using is_transparent = void;
  bool operator()(ByteView a, ByteView b) const { return compare(a, b) < 0; }
};
using StorageOverlay = std::map<Bytes, StorageEntry, KeyOrder>;

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
  StorageEntry* entry;
  bool changed;
  std::optional<Bytes> written;
};
struct IssuanceUndo {
  Amount minted;
  Amount burned;
};
using Undo = std::variant<BalanceUndo, NonceUndo, CodeUndo, StorageUndo, IssuanceUndo>;

Bytes successor(ByteView key) {
  Bytes next = to_bytes(key);
  next.push_back(0);
  return next;
}

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

  static bool in_known_gap(const StorageOverlay& overlay, StorageOverlay::const_iterator next) {
    return next != overlay.begin() && std::prev(next)->second.nothing_until_next;
  }

  StorageOverlay::iterator load(const Address& address, ByteView key) {
    StorageOverlay& overlay = overlay_of(slot_of(address));
    const auto next = overlay.lower_bound(key);
    if (next != overlay.end() && equal(next->first, key)) return next;
    StorageEntry entry;
    entry.nothing_until_next = in_known_gap(overlay, next);
    if (!entry.nothing_until_next) entry.base = checked(base->storage(address, key));
    return overlay.emplace_hint(next, to_bytes(key), std::move(entry));
  }

  void write(const Address& address, ByteView key, std::optional<Bytes> value) {
    StorageEntry& entry = load(address, key)->second;
    journal.emplace_back(StorageUndo{&entry, entry.changed, std::move(entry.written)});
    entry.written = std::move(value);
    entry.changed = true;
  }

  // Takes in what the base answered to a search that began at (or just after) `entry`, an entry with a key
  // before the answer's: nothing lies between the two.
  static void learn(StorageOverlay& overlay, StorageOverlay::iterator entry, std::optional<KeyValue> found) {
    for (; entry != overlay.end() && (!found || compare(entry->first, found->key) < 0); ++entry)
      entry->second.nothing_until_next = true;
    if (found && (entry == overlay.end() || !equal(entry->first, found->key)))
      overlay.emplace_hint(entry, std::move(found->key),
                           StorageEntry{std::move(found->value), {}, false, false});
  }

  // The first entry, changed or not, with a key >= `from`; the base's are brought in.
  StorageOverlay::iterator seek(const Address& address, StorageOverlay& overlay, ByteView from) {
    auto entry = overlay.lower_bound(from);
    const bool at_from = entry != overlay.end() && equal(entry->first, from);
    if (at_from || in_known_gap(overlay, entry)) return entry;
    auto found = checked(base->storage_lower_bound(address, from));
    if (!found || !equal(found->key, from)) {
      // `from` itself is absent: remember it as the place where the known stretch begins.
      entry = overlay.emplace_hint(entry, to_bytes(from), StorageEntry{});
      learn(overlay, entry, std::move(found));
      return entry;
    }
    return overlay.emplace_hint(entry, std::move(found->key),
                                StorageEntry{std::move(found->value), {}, false, false});
  }

  std::optional<KeyValue> lower_bound(const Address& address, ByteView from) {
    StorageOverlay& overlay = overlay_of(slot_of(address));
    for (auto entry = seek(address, overlay, from); entry != overlay.end(); ++entry) {
      if (const auto& value = entry->second.current()) return KeyValue{entry->first, *value};
      if (!entry->second.nothing_until_next)
        learn(overlay, entry, checked(base->storage_lower_bound(address, successor(entry->first))));
    }
    return std::nullopt;
  }

  void undo(BalanceUndo& old) { slots[old.slot].current.balance = old.balance; }
  void undo(NonceUndo& old) { slots[old.slot].current.nonce = old.nonce; }
  void undo(CodeUndo& old) { slots[old.slot].current.code_hash = old.code_hash; }
  void undo(StorageUndo& old) {
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
    for (auto& [key, entry] : *slot.storage) {
      if (!entry.changed || entry.base == entry.written) continue;
      out.push_back({slot.address, key, std::move(entry.base), std::move(entry.written)});
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
  const auto& value = impl_->load(address, key)->second.current();
  return value ? &*value : nullptr;
}

void State::put(const Address& address, ByteView key, Bytes value) {
  impl_->write(address, key, std::move(value));
}

void State::erase(const Address& address, ByteView key) { impl_->write(address, key, std::nullopt); }

std::optional<KeyValue> State::lower_bound(const Address& address, ByteView from) {
  return impl_->lower_bound(address, from);
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
