#include "node/chain/schema.hpp"

#include "crypto/keccak.hpp"

namespace aitbc::chain {
namespace {

constexpr std::size_t kTermSize = 8;

Bytes key_of(char kind, ByteView rest, std::size_t spare = 0) {
  Bytes key;
  key.reserve(1 + rest.size() + spare);
  key.push_back(static_cast<std::uint8_t>(kind));
  append(key, rest);
  return key;
}

Bytes height_key(Height height, char kind) {
  Bytes key;
  key.reserve(8 + 1 + 4);
  append_be64(key, height);
  key.push_back(static_cast<std::uint8_t>(kind));
  return key;
}

}  // namespace

Bytes header_key(Height height) { return height_key(height, 'h'); }
Bytes block_meta_key(Height height) { return height_key(height, 'm'); }
Bytes page_key(Height height, std::uint32_t page) {
  Bytes key = height_key(height, 'p');
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<std::uint8_t>(page >> shift));
  return key;
}
Bytes system_receipt_key(Height height) { return height_key(height, 's'); }
Bytes block_hash_key(const Hash& hash) { return key_of('b', hash); }
Bytes transaction_hash_key(const Hash& hash) { return key_of('x', hash); }
Bytes change_set_key(Height height) { return height_key(height, 'c'); }

Bytes change_index_start(ByteView state_key) {
  Bytes key = key_of('k', {}, state_key.size() + 16);
  for (const std::uint8_t byte : state_key) {
    key.push_back(byte);
    if (byte == 0) key.push_back(1);
  }
  return key;
}

Bytes change_index_prefix(ByteView state_key) {
  Bytes key = change_index_start(state_key);
  key.insert(key.end(), {0, 0});
  return key;
}

std::optional<ChangeIndexEntry> parse_change_index(ByteView index_key) {
  constexpr std::size_t kTail = 2 + 8;  // terminator, height
  if (index_key.size() < 1 + kTail) return std::nullopt;
  ChangeIndexEntry entry;
  const ByteView escaped = index_key.subspan(1, index_key.size() - 1 - kTail);
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    entry.state_key.push_back(escaped[i]);
    if (escaped[i] == 0) ++i;  // the 01 after it
  }
  entry.height = read_be64(index_key.last(8));
  if (!equal(change_index_key(entry.state_key, entry.height), index_key)) return std::nullopt;
  return entry;
}

Bytes change_index_key(ByteView state_key, Height height) {
  Bytes key = change_index_prefix(state_key);
  append_be64(key, height);
  return key;
}

Bytes log_term_prefix(ByteView term) {
  const Hash digest = keccak256(term);
  return key_of('l', digest.view().first(kTermSize), 8);
}

Bytes log_term_key(ByteView term, Height height) {
  Bytes key = log_term_prefix(term);
  append_be64(key, height);
  return key;
}

}  // namespace aitbc::chain
