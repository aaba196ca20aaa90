#include "execution/trie_cache.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>
#include <limits>

#include "base/check.hpp"
#include "base/keyed_hash.hpp"

namespace aitbc {
namespace {

// A record and its key in one allocation.
struct Slot {
  std::unique_ptr<std::uint8_t[]> bytes;  // key, then record; null when the slot is free
  std::uint32_t size = 0;
  std::uint8_t key_size = 0;
  bool used = false;  // since the clock's hand came by

  ByteView key() const { return {bytes.get(), key_size}; }
  ByteView record() const { return ByteView(bytes.get(), size).subspan(key_size); }
};

// The slot itself, the allocation's header and its place in the index.
constexpr std::size_t kSlotOverhead = sizeof(Slot) + 16 + 8;

// The index holds slot numbers; their keys are looked up in the slots.
struct KeyHash {
  using is_transparent = void;
  const std::vector<Slot>* slots;
  std::size_t operator()(ByteView key) const { return KeyedBytesHash()(key); }
  std::size_t operator()(std::uint32_t slot) const { return (*this)((*slots)[slot].key()); }
};
struct KeyEqual {
  using is_transparent = void;
  const std::vector<Slot>* slots;
  bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b; }
  bool operator()(ByteView key, std::uint32_t slot) const { return equal(key, (*slots)[slot].key()); }
  bool operator()(std::uint32_t slot, ByteView key) const { return (*this)(key, slot); }
};

}  // namespace

struct TrieCache::Impl::Index {
  std::vector<Slot> slots;
  std::vector<std::uint32_t> free;
  boost::unordered_flat_set<std::uint32_t, KeyHash, KeyEqual> by_key{0, KeyHash{&slots}, KeyEqual{&slots}};
  std::vector<std::uint32_t> put_by_update;
  std::size_t bytes = 0;
  std::size_t hand = 0;  // the clock's
};

TrieCache::Impl::Impl(std::size_t limit_bytes)
    : limit_bytes_(limit_bytes), index_(std::make_unique<Index>()) {}
TrieCache::Impl::~Impl() = default;

std::size_t TrieCache::Impl::bytes() const { return index_->bytes; }

std::optional<ByteView> TrieCache::Impl::find(ByteView key) {
  const auto it = index_->by_key.find(key);
  if (it == index_->by_key.end()) return std::nullopt;
  Slot& slot = index_->slots[*it];
  slot.used = true;
  return slot.record();
}

void TrieCache::Impl::put(ByteView key, ByteView record) {
  AITBC_CHECK(key.size() <= std::numeric_limits<std::uint8_t>::max(), "trie keys are short");
  bool used = false;  // what is new has yet to be asked for
  if (const auto old = index_->by_key.find(key); old != index_->by_key.end()) {
    Slot& slot = index_->slots[*old];
    if (slot.record().size() == record.size()) return overwrite(*old, record);
    used = slot.used;
    drop(*old);
  }
  const std::size_t size = key.size() + record.size();
  if (size + kSlotOverhead > limit_bytes_) return;
  while (index_->bytes + size + kSlotOverhead > limit_bytes_) evict_one();
  const std::uint32_t number = free_slot();
  Slot& slot = index_->slots[number];
  slot = {std::make_unique_for_overwrite<std::uint8_t[]>(size), static_cast<std::uint32_t>(size),
          static_cast<std::uint8_t>(key.size()), used};
  std::copy(key.begin(), key.end(), slot.bytes.get());
  index_->by_key.insert(number);
  index_->bytes += size + kSlotOverhead;
  overwrite(number, record);
}

void TrieCache::Impl::overwrite(std::uint32_t number, ByteView record) {
  const Slot& slot = index_->slots[number];
  std::copy(record.begin(), record.end(), slot.bytes.get() + slot.key_size);
  index_->put_by_update.push_back(number);
}

std::uint32_t TrieCache::Impl::free_slot() {
  if (index_->free.empty()) {
    index_->slots.emplace_back();
    return static_cast<std::uint32_t>(index_->slots.size() - 1);
  }
  const std::uint32_t number = index_->free.back();
  index_->free.pop_back();
  return number;
}

void TrieCache::Impl::erase(ByteView key) {
  const auto it = index_->by_key.find(key);
  if (it != index_->by_key.end()) drop(*it);
}

void TrieCache::Impl::drop(std::uint32_t number) {
  Slot& slot = index_->slots[number];
  index_->by_key.erase(number);
  index_->bytes -= slot.size + kSlotOverhead;
  slot = {};
  index_->free.push_back(number);
}

// Second chance: what was used since the hand last came by stays once more. Precondition: not empty.
void TrieCache::Impl::evict_one() {
  while (true) {
    index_->hand = index_->hand + 1 < index_->slots.size() ? index_->hand + 1 : 0;
    Slot& slot = index_->slots[index_->hand];
    if (!slot.bytes) continue;
    if (!slot.used) return drop(static_cast<std::uint32_t>(index_->hand));
    slot.used = false;
  }
}

void TrieCache::Impl::begin_update() { index_->put_by_update.clear(); }

void TrieCache::Impl::forget_update() {
  for (const std::uint32_t number : index_->put_by_update)
    if (index_->slots[number].bytes) drop(number);
  index_->put_by_update.clear();
}

TrieCache::TrieCache(std::size_t limit_bytes) : impl_(std::make_unique<Impl>(limit_bytes)) {}
TrieCache::~TrieCache() = default;
void TrieCache::forget() { impl_->forget_update(); }

}  // namespace aitbc
