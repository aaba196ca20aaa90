// The canonical form of a record in storage: RLP of its field list. What decodes re-encodes to the same
// bytes.
#pragma once

#include <limits>
#include <string>

#include "base/amount.hpp"
#include "codec/rlp_cursor.hpp"
#include "marketplace/fields.hpp"

namespace aitbc::market {

template <UnsignedField T>
void write_rlp(rlp::Encoder& out, const T& value) {
  out.u64(value);
}
inline void write_rlp(rlp::Encoder& out, const bool& value) { out.boolean(value); }
inline void write_rlp(rlp::Encoder& out, const Amount& value) { out.amount(value); }
inline void write_rlp(rlp::Encoder& out, const std::string& value) { out.text(value); }
inline void write_rlp(rlp::Encoder& out, const Bytes& value) { out.bytes(value); }
template <std::size_t N, class Tag>
void write_rlp(rlp::Encoder& out, const FixedBytes<N, Tag>& value) {
  out.bytes(value);
}
template <IdField T>
void write_rlp(rlp::Encoder& out, const T& value) {
  out.u64(value.value);
}
template <class E>
requires std::is_enum_v<E>
void write_rlp(rlp::Encoder& out, const E& value) { out.u64(static_cast<std::uint64_t>(value)); }
template <Record T>
void write_rlp(rlp::Encoder& out, const T& value);
template <ListField T>
void write_rlp(rlp::Encoder& out, const T& value) {
  out.begin_list();
  for (const auto& element : value) write_rlp(out, element);
  out.end_list();
}
template <Record T>
void write_rlp(rlp::Encoder& out, const T& value) {
  out.begin_list();
  for_each_field(value, [&](std::string_view, const auto& member) { write_rlp(out, member); });
  out.end_list();
}

// Each reader answers false when the item is not a canonical value of its type.
template <UnsignedField T>
bool read_rlp(rlp::Cursor& in, T& value) {
  std::uint64_t item = 0;
  if (!in.u64(item) || item > std::numeric_limits<T>::max()) return false;
  value = static_cast<T>(item);
  return true;
}
inline bool read_rlp(rlp::Cursor& in, bool& value) {
  std::uint64_t item = 0;
  if (!in.u64(item) || item > 1) return false;
  value = item == 1;
  return true;
}
inline bool read_rlp(rlp::Cursor& in, Amount& value) { return in.amount(value); }
inline bool read_rlp(rlp::Cursor& in, std::string& value) {
  ByteView item;
  if (!in.bytes(item)) return false;
  value.assign(as_text(item));
  return true;
}
inline bool read_rlp(rlp::Cursor& in, Bytes& value) {
  ByteView item;
  if (!in.bytes(item)) return false;
  value.assign(item.begin(), item.end());
  return true;
}
template <std::size_t N, class Tag>
bool read_rlp(rlp::Cursor& in, FixedBytes<N, Tag>& value) {
  ByteView item;
  if (!in.bytes(item) || item.size() != N) return false;
  value = FixedBytes<N, Tag>::from(item);
  return true;
}
template <IdField T>
bool read_rlp(rlp::Cursor& in, T& value) {
  return in.u64(value.value);
}
template <NamedEnum E>
bool read_rlp(rlp::Cursor& in, E& value) {
  std::uint64_t item = 0;
  if (!in.u64(item) || item >= enum_names(value).size()) return false;
  value = static_cast<E>(item);
  return true;
}
template <Record T>
bool read_rlp(rlp::Cursor& in, T& value);
template <ListField T>
bool read_rlp(rlp::Cursor& in, T& value) {
  rlp::Cursor items({});
  if (!in.list(items)) return false;
  value.clear();
  while (!items.at_end())
    if (!read_rlp(items, value.emplace_back())) return false;
  return true;
}
template <Record T>
bool read_rlp(rlp::Cursor& in, T& value) {
  rlp::Cursor items({});
  return in.list(items) && all_fields(value, [&](auto& member) { return read_rlp(items, member); }) &&
         items.at_end();
}

template <Record T>
Bytes encode_record(const T& record) {
  // One buffer for all: what is stored has no room to spare.
  thread_local rlp::Encoder out;
  out.clear();
  write_rlp(out, record);
  return to_bytes(out.view());
}
// False unless `encoded` is exactly what encode_record makes of some T.
template <Record T>
bool decode_record(ByteView encoded, T& record) {
  rlp::Cursor in(encoded);
  return read_rlp(in, record) && in.at_end();
}

}  // namespace aitbc::market
