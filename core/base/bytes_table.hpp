// Bytes by bytes in memory, for tables of which little is in the processor's caches: an entry is one block,
// so that a look-up fetches the table's slot and that.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <limits>
#include <memory>
#include <optional>

#include "base/bytes.hpp"

namespace aitbc {

// Not thread-safe while it changes. Sizes of keys and values: below 4 GiB each.
class BytesTable {
 public:
  class Entry {
   public:
    Entry(ByteView key, std::optional<ByteView> value);
    ByteView key() const { return {bytes_.get(), key_size_}; }
    std::size_t size() const { return std::size_t{key_size_} + value().value_or(ByteView()).size(); }
    // nullopt: it is known that the key has none.
    std::optional<ByteView> value() const {
      if (value_size_ == kNoValue) return std::nullopt;
      return ByteView(bytes_.get() + key_size_, value_size_);
    }

   private:
    static constexpr std::uint32_t kNoValue = std::numeric_limits<std::uint32_t>::max();
    std::unique_ptr<std::uint8_t[]> bytes_;  // key, then value
    std::uint32_t key_size_;
    std::uint32_t value_size_;
  };

  // Null when there is no entry. Valid until the next change.
  const Entry* find(ByteView key) const;
  // In place of the one with that key, if there is one.
  const Entry& put(ByteView key, std::optional<ByteView> value);
  void erase(ByteView key);
  void clear();
  std::size_t size() const { return entries_.size(); }
  // What it takes of memory, roughly.
  std::size_t memory() const { return payload_ + kEntryOverhead * entries_.size(); }

 private:
  // An entry's place in the table, at a usual load, and what the allocator rounds up.
  static constexpr std::size_t kEntryOverhead = 48;
  struct Hash {
    using is_transparent = void;
    using is_avalanching = void;
    std::size_t operator()(ByteView key) const { return KeyedBytesHash()(key); }
    std::size_t operator()(const Entry& entry) const { return (*this)(entry.key()); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Entry& a, const Entry& b) const { return equal(a.key(), b.key()); }
    bool operator()(ByteView a, const Entry& b) const { return equal(a, b.key()); }
    bool operator()(const Entry& a, ByteView b) const { return equal(a.key(), b); }
  };
  boost::unordered_flat_set<Entry, Hash, Equal> entries_;
  std::size_t payload_ = 0;  // bytes of all keys and values
};

}  // namespace aitbc
