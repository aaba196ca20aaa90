// The canonical form of a record in storage: RLP of its field list. What decodes re-encodes to the same
// bytes.
#pragma once

#include <limits>
#include <string>

#include "base/amount.hpp"
#include "codec/rlp.hpp"
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
template <class T>
bool take_rlp(Result<T> item, T& value) {
  if (!item) return false;
  value = std::move(*item);
  return true;
}
template <UnsignedField T>
bool read_rlp(rlp::Decoder& in, T& value) {
  const auto item = in.u64();
  if (!item || *item > std::numeric_limits<T>::max()) return false;
  value = static_cast<T>(*item);
  return true;
}
inline bool read_rlp(rlp::Decoder& in, bool& value) { return take_rlp(in.boolean(), value); }
inline bool read_rlp(rlp::Decoder& in, Amount& value) { return take_rlp(in.amount(), value); }
inline bool read_rlp(rlp::Decoder& in, std::string& value) { return take_rlp(in.text(), value); }
inline bool read_rlp(rlp::Decoder& in, Bytes& value) {
  const auto item = in.bytes();
  if (item) value.assign(item->begin(), item->end());
  return item.has_value();
}
template <std::size_t N, class Tag>
bool read_rlp(rlp::Decoder& in, FixedBytes<N, Tag>& value) {
  return take_rlp(in.fixed<FixedBytes<N, Tag>>(), value);
}
template <IdField T>
bool read_rlp(rlp::Decoder& in, T& value) {
  return take_rlp(in.u64(), value.value);
}
template <NamedEnum E>
bool read_rlp(rlp::Decoder& in, E& value) {
  const auto item = in.u64();
  if (!item || *item >= enum_names(value).size()) return false;
  value = static_cast<E>(*item);
  return true;
}
template <Record T>
bool read_rlp(rlp::Decoder& in, T& value);
template <ListField T>
bool read_rlp(rlp::Decoder& in, T& value) {
  auto items = in.list();
  if (!items) return false;
  value.clear();
  while (!items->at_end())
    if (!read_rlp(*items, value.emplace_back())) return false;
  return true;
}
template <Record T>
bool read_rlp(rlp::Decoder& in, T& value) {
  auto items = in.list();
  return items && all_fields(value, [&](auto& member) { return read_rlp(*items, member); }) &&
         items->at_end();
}

template <Record T>
Bytes encode_record(const T& record) {
  rlp::Encoder out;
  write_rlp(out, record);
  return out.take();
}
// False unless `encoded` is exactly what encode_record makes of some T.
template <Record T>
bool decode_record(ByteView encoded, T& record) {
  rlp::Decoder in(encoded);
  return read_rlp(in, record) && in.at_end();
}

}  // namespace aitbc::market
