// What a State knows of one account's storage: at once the changes and a cache of the base.
#pragma once

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <utility>
#include <vector>

#include "base/keyed_hash.hpp"
#include "execution/known_ranges.hpp"
#include "execution/ordered_key.hpp"
#include "execution/state_view.hpp"

namespace aitbc {

// What is known of one key. Every entry has been looked up in (or worked out from) the base.
struct StorageEntry {
  std::optional<Bytes> base;
  std::optional<Bytes> written;  // instead of `base`, once changed
  bool changed = false;

  const std::optional<Bytes>& current() const { return changed ? written : base; }
};

// Memory that States of one thread use one after the other, so that its pages stay warm and the table of keys
// is as large as it was at last. Who finds it taken makes a new one.
template <class Memory>
class Reused {
 public:
  Reused() : memory_(std::move(spare())) {
    if (!memory_) memory_ = std::make_unique<Memory>();
  }
  ~Reused() {
    memory_->clear();
    spare() = std::move(memory_);
  }
  Reused(const Reused&) = delete;
  Reused& operator=(const Reused&) = delete;
  Memory* operator->() const { return memory_.get(); }

 private:
  static std::unique_ptr<Memory>& spare() {
    thread_local std::unique_ptr<Memory> last;
    return last;
  }
  std::unique_ptr<Memory> memory_;
};

// Keys are looked up by hash. They are put in order only where somebody asks for it: where a search for the
// next key comes along, and at the end those that changed.
class StorageOverlay {
 public:
  struct Slot {
    ByteView key;
    StorageEntry entry;
  };

  // The entry of a key, which stays where it is. `read() -> optional<Bytes>` answers what the base has there,
  // and is called when that is not known.
  template <class Read>
  StorageEntry& load(ByteView key, Read&& read) {
    if (Slot* const known = find(key)) return known->entry;
    const bool absent = base_known_.covering(key) != nullptr;
    return insert(key, absent ? std::nullopt : read()).entry;
  }

  // The same for a key that the base is known not to have.
  StorageEntry& load_absent(ByteView key) {
    Slot* const known = find(key);
    return (known != nullptr ? *known : insert(key, std::nullopt)).entry;
  }

  // The first key >= `from` that has a value. `seek(key) -> optional<KeyValue>` answers the base's first key
  // >= `key`.
  template <class Seek>
  std::optional<KeyValue> lower_bound(ByteView from, Seek&& seek) {
    if (!is_drained(from)) drained_ = Stretch{to_bytes(from), to_bytes(from)};
    // No key before this one, from `from` on, has a value.
    Bytes reached = drained_->until;
    while (true) {
      learn_gap(reached, seek);
      const std::optional<Bytes> until = base_known_.covering(reached)->until;
      const Slot* found = first_with_value(reached, until);
      if (found != nullptr) {
        drained_->until = to_bytes(found->key);
        return KeyValue{to_bytes(found->key), *found->entry.current()};
      }
      if (!until) {
        drained_->until = std::move(reached);
        return std::nullopt;
      }
      reached = *until;
    }
  }

  // Finds out up to where the base has nothing from `from` on, unless that is known.
  template <class Seek>
  void learn_gap(ByteView from, Seek&& seek) {
    if (base_known_.covering(from) != nullptr) return;
    std::optional<KeyValue> found = seek(from);
    if (!found) return base_known_.add({to_bytes(from), std::nullopt});
    if (find(found->key) == nullptr) insert(found->key, std::move(found->value));
    found->key.push_back(0);  // the smallest of all keys behind it
    base_known_.add({to_bytes(from), std::move(found->key)});
  }

  // To be called when a key gets a value, and when values change in any other way.
  void gets_value(ByteView key) {
    if (is_drained(key)) drained_.reset();
  }
  void changed() { drained_.reset(); }

  // Those that were written, in the order of their keys.
  std::vector<Slot*> changed_slots() {
    std::vector<std::pair<OrderedKey, Slot*>> order;
    for (Slot& slot : slots_)
      if (slot.entry.changed) order.emplace_back(slot.key, &slot);
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Slot*> out;
    out.reserve(order.size());
    for (const auto& [key, slot] : order) out.push_back(slot);
    return out;
  }

 private:
  // Neither the overlay nor the base has a value from the first key up to the second: a queue that is
  // emptied from its front is not walked again and again.
  struct Stretch {
    Bytes from;
    Bytes until;
  };
  // Keys with the same first byte, which modules give to keys of one kind: they are put in order together.
  struct Group {
    bool is_ordered = false;
    std::vector<Slot*> unordered;
  };

  bool is_drained(ByteView key) const {
    return drained_ && compare(key, drained_->from) >= 0 && compare(key, drained_->until) < 0;
  }
  static std::size_t group_of(ByteView key) { return key.empty() ? 0 : key[0]; }

  Slot* find(ByteView key) const {
    const auto known = reused_->by_key.find(key);
    return known == reused_->by_key.end() ? nullptr : known->second;
  }
  // Precondition: the key has no slot.
  Slot& insert(ByteView key, std::optional<Bytes> base) {
    auto* const kept = static_cast<std::uint8_t*>(memory_.allocate(key.size() + 1, 1));
    std::copy(key.begin(), key.end(), kept);
    slots_.push_back({ByteView(kept, key.size()), {std::move(base), {}, false}});
    Slot& slot = slots_.back();
    reused_->by_key.emplace(slot.key, &slot);
    Group& group = groups_[group_of(key)];
    if (group.is_ordered)
      ordered_.emplace(slot.key, &slot);
    else
      group.unordered.push_back(&slot);
    return slot;
  }
  void put_in_order(Group& group) {
    for (Slot* slot : group.unordered) ordered_.emplace(slot->key, slot);
    group = {true, {}};
  }
  const Slot* first_with_value(ByteView from, const std::optional<Bytes>& until) {
    const std::size_t last = until ? group_of(*until) : groups_.size() - 1;
    for (std::size_t group = group_of(from); group <= last; ++group)
      if (!groups_[group].is_ordered) put_in_order(groups_[group]);
    for (auto at = ordered_.lower_bound(from); at != ordered_.end(); ++at) {
      if (until && compare(at->first.bytes, *until) >= 0) return nullptr;
      if (at->second->entry.current()) return at->second;
    }
    return nullptr;
  }

  struct KeyEqual {
    bool operator()(ByteView a, ByteView b) const { return equal(a, b); }
  };

  struct Memory {
    static constexpr std::size_t kBlockSize = std::size_t{1} << 20;
    static constexpr std::size_t kMostKept = std::size_t{1} << 18;  // places for keys: some 6 MB
    std::unique_ptr<std::byte[]> block = std::make_unique_for_overwrite<std::byte[]>(kBlockSize);
    boost::unordered_flat_map<ByteView, Slot*, KeyedBytesHash, KeyEqual> by_key;  // never iterated
    void clear() {
      if (by_key.bucket_count() > kMostKept)
        by_key = {};
      else
        by_key.clear();
    }
  };

  // Keys and entries lie side by side, and go all at once.
  Reused<Memory> reused_;
  std::pmr::monotonic_buffer_resource memory_{reused_->block.get(), Memory::kBlockSize};
  std::pmr::deque<Slot> slots_{&memory_};
  // Where every key that the base has is in the overlay.
  KnownRanges base_known_;
  std::array<Group, 256> groups_;
  std::pmr::map<OrderedKey, Slot*> ordered_{&memory_};
  std::optional<Stretch> drained_;
};

}  // namespace aitbc
