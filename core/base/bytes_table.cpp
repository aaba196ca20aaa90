#include "base/bytes_table.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace aitbc {
namespace {

constexpr std::size_t kFewestPlaces = 16;
constexpr std::size_t kCacheLine = 64;
// From there on the processor has seen the pattern.
constexpr std::size_t kPrefetchedOfEntry = 4 * kCacheLine;

}  // namespace

BytesTable::Entry::Entry(ByteView key, std::optional<ByteView> value)
    : key_size_(static_cast<std::uint32_t>(key.size())),
      value_size_(value ? static_cast<std::uint32_t>(value->size()) : kNoValue) {
  auto* const out = reinterpret_cast<std::uint8_t*>(this + 1);
  std::copy(key.begin(), key.end(), out);
  if (value) std::copy(value->begin(), value->end(), out + key_size_);
}

BytesTable::Block BytesTable::make_block(ByteView key, std::optional<ByteView> value) {
  void* const memory = ::operator new(sizeof(Entry) + key.size() + (value ? value->size() : 0));
  return Block(new (memory) Entry(key, value));
}

std::size_t BytesTable::place_of(ByteView key, std::uint64_t hash) const {
  std::size_t at = hash & mask();
  while (places_[at].entry && !(places_[at].hash == hash && equal(places_[at].entry->key(), key)))
    at = (at + 1) & mask();
  return at;
}

const BytesTable::Entry* BytesTable::find(ByteView key) const {
  if (size_ == 0) return nullptr;
  return places_[place_of(key, keyed_hash(key))].entry.get();
}

void BytesTable::prefetch(std::span<const ByteView> keys) const {
  if (size_ == 0) return;
  std::array<const Place*, 8> places;
  for (; !keys.empty(); keys = keys.subspan(std::min(keys.size(), places.size()))) {
    const std::size_t count = std::min(keys.size(), places.size());
    for (std::size_t i = 0; i < count; ++i) {
      places[i] = &places_[keyed_hash(keys[i]) & mask()];
      __builtin_prefetch(places[i]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      // Numbers, since what is fetched may lie behind the entry, and nothing there is looked at.
      const auto start = reinterpret_cast<std::uintptr_t>(places[i]->entry.get());
      for (std::size_t at = 0; at < kPrefetchedOfEntry; at += kCacheLine)
        __builtin_prefetch(reinterpret_cast<const void*>(start + at));
    }
  }
}

const BytesTable::Entry& BytesTable::put(ByteView key, std::optional<ByteView> value) {
  Block entry = make_block(key, value);  // before the old one goes: they may be its own bytes
  if ((size_ + 1) * 4 > places_.size() * 3) grow();
  const std::uint64_t hash = keyed_hash(entry->key());
  Place& place = places_[place_of(entry->key(), hash)];
  if (place.entry)
    payload_ -= place.entry->size();
  else
    ++size_;
  payload_ += entry->size();
  place = {hash, std::move(entry)};
  return *place.entry;
}

void BytesTable::erase(ByteView key) {
  if (size_ == 0) return;
  std::size_t hole = place_of(key, keyed_hash(key));
  if (!places_[hole].entry) return;
  payload_ -= places_[hole].entry->size();
  --size_;
  places_[hole].entry.reset();
  // Who stands behind the hole and would stand at it, or before it, if it could, moves up.
  for (std::size_t at = (hole + 1) & mask(); places_[at].entry; at = (at + 1) & mask()) {
    const std::size_t from_home = (at - places_[at].hash) & mask();
    if (from_home < ((at - hole) & mask())) continue;
    places_[hole] = std::move(places_[at]);
    hole = at;
  }
}

void BytesTable::clear() {
  for (Place& place : places_) place.entry.reset();
  size_ = 0;
  payload_ = 0;
}

void BytesTable::grow() {
  std::vector<Place> old(std::max(kFewestPlaces, places_.size() * 2));
  old.swap(places_);
  for (Place& place : old) {
    if (!place.entry) continue;
    std::size_t at = place.hash & mask();
    while (places_[at].entry) at = (at + 1) & mask();
    places_[at] = std::move(place);
  }
}

}  // namespace aitbc
