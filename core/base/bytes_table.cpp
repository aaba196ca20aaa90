#include "base/bytes_table.hpp"

#include <algorithm>

namespace aitbc {

BytesTable::Entry::Entry(ByteView key, std::optional<ByteView> value)
    : bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(key.size() + (value ? value->size() : 0))),
      key_size_(static_cast<std::uint32_t>(key.size())),
      value_size_(value ? static_cast<std::uint32_t>(value->size()) : kNoValue) {
  std::copy(key.begin(), key.end(), bytes_.get());
  if (value) std::copy(value->begin(), value->end(), bytes_.get() + key_size_);
}

const BytesTable::Entry* BytesTable::find(ByteView key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &*found;
}

const BytesTable::Entry& BytesTable::put(ByteView key, std::optional<ByteView> value) {
  Entry entry(key, value);  // before the old one goes: they may be its own bytes
  erase(key);
  payload_ += entry.size();
  return *entries_.insert(std::move(entry)).first;
}

void BytesTable::erase(ByteView key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  payload_ -= found->size();
  entries_.erase(found);
}

void BytesTable::clear() {
  entries_.clear();
  payload_ = 0;
}

}  // namespace aitbc
