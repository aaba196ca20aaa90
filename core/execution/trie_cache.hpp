// What is behind TrieCache: records of Table::trie by key, within a bound on memory.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "execution/state_trie.hpp"

namespace aitbc {

struct TrieCache::Impl {
 public:
  explicit Impl(std::size_t limit_bytes);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // Until the next change. nullopt: not in the cache.
  std::optional<ByteView> find(ByteView key);
  void put(ByteView key, ByteView record);
  void erase(ByteView key);
  // From here on, forget_update() drops what was put.
  void begin_update();
  void forget_update();
  std::size_t bytes() const;

 private:
  struct Index;
  void overwrite(std::uint32_t slot, ByteView record);
  void drop(std::uint32_t slot);
  std::uint32_t free_slot();
  void evict_one();

  std::size_t limit_bytes_;
  std::unique_ptr<Index> index_;
};

}  // namespace aitbc
