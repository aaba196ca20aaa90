#include "storage/store.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.hpp"

namespace aitbc {

const char* table_name(Table table) {
  switch (table) {
    case Table::meta:
      return "meta";
    case Table::blocks:
      return "blocks";
    case Table::index:
      return "index";
    case Table::state:
      return "state";
    case Table::trie:
      return "trie";
    case Table::history:
      return "history";
    case Table::mempool:
      return "mempool";
    case Table::consensus:
      return "consensus";
  }
  AITBC_CHECK(false, "unknown table");
  return "";
}

WriteBatch::WriteBatch(const WriteBatch& other) {
  reserve(other.operations_.size());
  for (const Operation& operation : other.operations_) {
    if (operation.value)
      put(operation.table, operation.key, *operation.value);
    else
      erase(operation.table, operation.key);
  }
}

void WriteBatch::swap(WriteBatch& other) noexcept {
  std::swap(operations_, other.operations_);
  std::swap(blocks_, other.blocks_);
  std::swap(block_size_, other.block_size_);
  std::swap(block_used_, other.block_used_);
}

void WriteBatch::put(Table table, ByteView key, ByteView value) {
  const ByteView kept_key = keep(key);
  operations_.push_back({table, kept_key, keep(value)});
}

void WriteBatch::erase(Table table, ByteView key) { operations_.push_back({table, keep(key), std::nullopt}); }

void WriteBatch::append(WriteBatch other) {
  if (operations_.empty()) {
    *this = std::move(other);
    return;
  }
  operations_.insert(operations_.end(), other.operations_.begin(), other.operations_.end());
  // In front of the last block, which is the one that keep() fills.
  const auto last = blocks_.empty() ? blocks_.end() : std::prev(blocks_.end());
  blocks_.insert(last, std::make_move_iterator(other.blocks_.begin()),
                 std::make_move_iterator(other.blocks_.end()));
}

ByteView WriteBatch::keep(ByteView bytes) {
  constexpr std::size_t kFirstBlock = 1U << 10;
  constexpr std::size_t kLargestBlock = 256U << 10;
  if (bytes.size() > block_size_ - block_used_) {
    const std::size_t usual = std::clamp(2 * block_size_, kFirstBlock, kLargestBlock);
    block_size_ = std::max(usual, bytes.size());
    block_used_ = 0;
    blocks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(block_size_));
  }
  if (bytes.empty()) return {};
  std::uint8_t* place = blocks_.back().get() + block_used_;
  std::copy(bytes.begin(), bytes.end(), place);
  block_used_ += bytes.size();
  return {place, bytes.size()};
}

}  // namespace aitbc
