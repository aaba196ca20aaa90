// Bytes by bytes in memory, for tables of which little is in the processor's caches: a look-up fetches one
// place of the table and the one block of memory that holds key and value, and one of an absent key the first
// of these only.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"

namespace aitbc {

// Not thread-safe while it changes. Sizes of keys and values: below 4 GiB each.
class BytesTable {
 public:
  // The head of a block: the key follows it, then the value.
  class Entry {
   public:
    ByteView key() const { return {payload(), key_size_}; }
    std::size_t size() const { return std::size_t{key_size_} + value().value_or(ByteView()).size(); }
    // nullopt: it is known that the key has none.
    std::optional<ByteView> value() const {
      if (value_size_ == kNoValue) return std::nullopt;
      return ByteView(payload() + key_size_, value_size_);
    }

   private:
    friend class BytesTable;
    static constexpr std::uint32_t kNoValue = std::numeric_limits<std::uint32_t>::max();
    Entry(ByteView key, std::optional<ByteView> value);
    const std::uint8_t* payload() const { return reinterpret_cast<const std::uint8_t*>(this + 1); }

    std::uint32_t key_size_;
    std::uint32_t value_size_;
  };

  // Null when there is no entry. Valid until the next change.
  const Entry* find(ByteView key) const;
  // For look-ups that follow soon: has the memory that they need fetched, for all keys at the same time.
  void prefetch(std::span<const ByteView> keys) const;
  // In place of the one with that key, if there is one.
  const Entry& put(ByteView key, std::optional<ByteView> value);
  void erase(ByteView key);
  void clear();
  std::size_t size() const { return size_; }
  // What it takes of memory, roughly.
  std::size_t memory() const { return payload_ + kEntryOverhead * size_; }

 private:
  struct FreeBlock {
    void operator()(Entry* entry) const { ::operator delete(entry); }
  };
  using Block = std::unique_ptr<Entry, FreeBlock>;
  static Block make_block(ByteView key, std::optional<ByteView> value);

  // A place holds an entry or nothing. An entry stands at the place that its hash names, or at the first free
  // one behind it, the table taken as a ring.
  struct Place {
    std::uint64_t hash = 0;
    Block entry;
  };
  // Places in the table at a usual load, the entry's head, and what the allocator rounds up.
  static constexpr std::size_t kEntryOverhead = 48;

  // Where the key stands, or the free place where it would. Precondition: the table has a free place.
  std::size_t place_of(ByteView key, std::uint64_t hash) const;
  std::size_t mask() const { return places_.size() - 1; }
  void grow();

  std::vector<Place> places_;  // none, or a power of two of which a quarter at least is free
  std::size_t size_ = 0;
  std::size_t payload_ = 0;  // bytes of all keys and values
};

}  // namespace aitbc
