// The JSON form of C++ values: ids as "gpu_12" (null when none), amounts as decimal strings of base units,
// enumerations by name, bytes as 0x hex, addresses with their EIP-55 checksum.
#pragma once

#include "base/amount.hpp"
#include "codec/hex.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/json_writer.hpp"

namespace aitbc::market {

template <class T>
void write_json(JsonWriter& out, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    out.boolean(value);
  } else if constexpr (UnsignedField<T>) {
    out.number(value);
  } else if constexpr (IdField<T>) {
    value.is_none() ? out.null() : out.text(to_text(value));
  } else if constexpr (NamedEnum<T>) {
    out.text(name_of(value));
  } else if constexpr (std::same_as<T, Amount>) {
    out.text(to_units_string(value));
  } else if constexpr (std::same_as<T, Address>) {
    out.text(hex::checksummed(value));
  } else if constexpr (std::same_as<T, std::string>) {
    out.text(value);
  } else if constexpr (ListField<T>) {
    out.begin_array();
    for (const auto& element : value) write_json(out, element);
    out.end_array();
  } else if constexpr (Record<T>) {
    out.begin_object();
    write_json_fields(out, value);
    out.end_object();
  } else {
    out.text(hex::encode_prefixed(value));
  }
}
// The members alone, for an object that has more of them.
template <Record T>
void write_json_fields(JsonWriter& out, const T& record) {
  for_each_field(record, [&](std::string_view name, const auto& member) {
    out.key(name);
    write_json(out, member);
  });
}
template <class T>
void write_json_member(JsonWriter& out, std::string_view name, const T& value) {
  out.key(name);
  write_json(out, value);
}

}  // namespace aitbc::market
