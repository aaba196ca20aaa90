// What a State knows of one account's storage: at once the changes and a cache of the base.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>

#include "base/keyed_hash.hpp"
#include "execution/state_view.hpp"

namespace aitbc {

// What is known of one key. Every entry has been looked up in (or worked out from) the base.
struct StorageEntry {
  std::optional<Bytes> base;
  std::optional<Bytes> written;  // instead of `base`, once changed
  bool changed = false;
  // The base has no key between this entry's and the next entry's (or, for the last entry, after it).
  bool nothing_until_next = false;

  const std::optional<Bytes>& current() const { return changed ? written : base; }
};

// A piece of memory that States of one thread use one after the other, so that its pages stay warm. Who finds
// it taken makes a new one.
class OverlayBlock {
 public:
  static constexpr std::size_t kSize = std::size_t{1} << 20;
  OverlayBlock() : bytes_(std::move(spare())) {
    if (!bytes_) bytes_ = std::make_unique_for_overwrite<std::byte[]>(kSize);
  }
  ~OverlayBlock() { spare() = std::move(bytes_); }
  OverlayBlock(const OverlayBlock&) = delete;
  OverlayBlock& operator=(const OverlayBlock&) = delete;
  std::byte* data() { return bytes_.get(); }

 private:
  using Bytes = std::unique_ptr<std::byte[]>;
  static Bytes& spare() {
    thread_local Bytes last;
    return last;
  }
  Bytes bytes_;
};

// A key in its order, bytes as unsigned numbers and the shorter of two with one beginning first. The first
// sixteen are kept beside the reference, as a number: most comparisons end there, without a look elsewhere.
class OrderedKey {
 public:
  // Implicit: a key and its ordered form mean the same.
  OrderedKey(ByteView key) : bytes(key), head_(head_of(key)) {}  // NOLINT(google-explicit-constructor)

  ByteView bytes;

  friend bool operator<(const OrderedKey& a, const OrderedKey& b) {
    return a.head_ != b.head_ ? a.head_ < b.head_ : compare(a.bytes, b.bytes) < 0;
  }

 private:
  __extension__ using Head = unsigned __int128;
  static Head head_of(ByteView key) {
    std::array<std::uint8_t, sizeof(Head)> begin{};
    std::copy_n(key.begin(), std::min(key.size(), begin.size()), begin.begin());
    return Head{read_be64(begin)} << 64 | read_be64(ByteView(begin).subspan(8));
  }

  Head head_;
};

class StorageOverlay {
 public:
  using Entries = std::pmr::map<OrderedKey, StorageEntry>;

  // The entry of a key, which stays where it is. `read() -> optional<Bytes>` answers what the base has there,
  // and is called when that is not known.
  template <class Read>
  StorageEntry& load(ByteView key, Read&& read) {
    const auto known = by_key_.find(key);
    if (known != by_key_.end()) return *known->second;
    const auto next = entries_.lower_bound(key);
    StorageEntry entry;
    entry.nothing_until_next = in_known_gap(next);
    if (!entry.nothing_until_next) entry.base = read();
    return insert(next, key, std::move(entry))->second;
  }

  // The first key >= `from` that has a value. `seek(key) -> optional<KeyValue>` answers the base's first key
  // >= `key`.
  template <class Seek>
  std::optional<KeyValue> lower_bound(ByteView from, Seek&& seek) {
    const Position begin = first_known(from, seek);
    Position entry = is_drained(from) ? drained_->until : begin;
    for (; entry != entries_.end() && !entry->second.current(); ++entry)
      if (!entry->second.nothing_until_next) learn(entry, seek(successor(entry->first.bytes)));
    if (!is_drained(from)) drained_ = Drained{begin, entry};
    drained_->until = entry;
    if (entry == entries_.end()) return std::nullopt;
    return KeyValue{to_bytes(entry->first.bytes), *entry->second.current()};
  }

  // Finds out up to where the base has nothing from `from` on, unless that, or the key, is known.
  template <class Seek>
  void learn_gap(ByteView from, Seek&& seek) {
    first_known(from, seek);
  }

  // To be called when a key gets a value, and when values change in any other way.
  void gets_value(ByteView key) {
    if (is_drained(key)) drained_.reset();
  }
  void changed() { drained_.reset(); }

  Entries& entries() { return entries_; }

 private:
  using Position = Entries::iterator;
  // Neither the overlay nor the base has a value from the first position up to the second: a queue that is
  // emptied from its front is not walked again and again.
  struct Drained {
    Position from;
    Position until;
  };

  static Bytes successor(ByteView key) {
    Bytes next = to_bytes(key);
    next.push_back(0);
    return next;
  }
  bool is_drained(ByteView key) const {
    return drained_ && drained_->from != drained_->until && !(OrderedKey(key) < drained_->from->first) &&
           (drained_->until == entries_.end() || OrderedKey(key) < drained_->until->first);
  }
  bool in_known_gap(Position next) const {
    return next != entries_.begin() && std::prev(next)->second.nothing_until_next;
  }
  Position insert(Position next, ByteView key, StorageEntry entry) {
    auto* const kept = static_cast<std::uint8_t*>(memory_.allocate(key.size() + 1, 1));
    std::copy(key.begin(), key.end(), kept);
    const auto at = entries_.emplace_hint(next, ByteView(kept, key.size()), std::move(entry));
    by_key_.emplace(at->first.bytes, &at->second);
    return at;
  }
  // The first entry with a key >= `from`, whether it has a value or not; the base's is brought in.
  template <class Seek>
  Position first_known(ByteView from, Seek& seek) {
    auto entry = entries_.lower_bound(from);
    const bool at_from = entry != entries_.end() && equal(entry->first.bytes, from);
    if (at_from || in_known_gap(entry)) return entry;
    std::optional<KeyValue> found = seek(from);
    if (found && equal(found->key, from))
      return insert(entry, found->key, {std::move(found->value), {}, false, false});
    // `from` itself is absent: remember it as the place where the known stretch begins.
    entry = insert(entry, from, {});
    learn(entry, std::move(found));
    return entry;
  }
  // Takes in what the base answered to a search that began at (or just after) `entry`, an entry with a key
  // before the answer's: nothing lies between the two.
  void learn(Position entry, std::optional<KeyValue> found) {
    for (; entry != entries_.end() && (!found || entry->first < OrderedKey(found->key)); ++entry)
      entry->second.nothing_until_next = true;
    if (found && (entry == entries_.end() || !equal(entry->first.bytes, found->key)))
      insert(entry, found->key, {std::move(found->value), {}, false, false});
  }

  struct KeyEqual {
    bool operator()(ByteView a, ByteView b) const { return equal(a, b); }
  };

  // Keys and entries lie side by side, and go all at once.
  OverlayBlock block_;
  std::pmr::monotonic_buffer_resource memory_{block_.data(), OverlayBlock::kSize};
  Entries entries_{&memory_};
  std::optional<Drained> drained_;
  // The same entries for look-ups by key, which are most; never iterated.
  boost::unordered_flat_map<ByteView, StorageEntry*, KeyedBytesHash, KeyEqual> by_key_;
};

}  // namespace aitbc
