// The Solidity ABI form of C++ values: ids and seconds are uint64, amounts uint256 (of which 128 bits are
// used), enumerations uint8, records tuples. abi_describe.hpp names these types.
#pragma once

#include <string>

#include "base/amount.hpp"
#include "codec/abi.hpp"
#include "marketplace/fields.hpp"

namespace aitbc::market {

// ---- static properties of a type
template <class T>
constexpr bool abi_dynamic();
template <Record T>
constexpr bool abi_any_dynamic() {
  return T::kFields.apply([](const auto&... each) {
    return (abi_dynamic<typename std::remove_cvref_t<decltype(each)>::Type>() || ...);
  });
}
template <class T>
constexpr bool abi_dynamic() {
  if constexpr (Record<T>)
    return abi_any_dynamic<T>();
  else
    return std::same_as<T, std::string> || kIsVector<T>;
}
// Words of the tuple's own head.
template <Record T>
constexpr std::size_t abi_tuple_words();
// Words a field of this type takes in the head around it.
template <class T>
constexpr std::size_t abi_words() {
  if constexpr (Record<T> && !abi_dynamic<T>())
    return abi_tuple_words<T>();
  else
    return 1;
}
template <Record T>
constexpr std::size_t abi_tuple_words() {
  return T::kFields.apply([](const auto&... each) {
    return (std::size_t{0} + ... + abi_words<typename std::remove_cvref_t<decltype(each)>::Type>());
  });
}

// ---- writing
template <class T>
void write_abi(abi::Writer& out, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    out.boolean(value);
  } else if constexpr (UnsignedField<T>) {
    out.u64(value);
  } else if constexpr (IdField<T>) {
    out.u64(value.value);
  } else if constexpr (std::is_enum_v<T>) {
    out.u64(static_cast<std::uint64_t>(value));
  } else if constexpr (std::same_as<T, Amount>) {
    out.amount(value);
  } else if constexpr (std::same_as<T, Address>) {
    out.address(value);
  } else if constexpr (std::same_as<T, std::string>) {
    out.string(value);
  } else if constexpr (std::same_as<T, Bytes>) {
    out.bytes(value);
  } else if constexpr (ListField<T>) {
    out.begin_array(value.size(), abi_words<typename T::value_type>());
    for (const auto& element : value) write_abi(out, element);
    out.end();
  } else if constexpr (Record<T>) {
    if constexpr (abi_dynamic<T>()) out.begin_tuple(abi_tuple_words<T>());
    for_each_field(value, [&](std::string_view, const auto& member) { write_abi(out, member); });
    if constexpr (abi_dynamic<T>()) out.end();
  } else {
    out.fixed_bytes(value);
  }
}
// The encoding of a tuple of values, after `prefix`.
template <class... Args>
Bytes encode_abi(ByteView prefix, const Args&... args) {
  abi::Writer out((std::size_t{0} + ... + abi_words<Args>()), prefix);
  (write_abi(out, args), ...);
  return out.take();
}

// ---- reading; failures are kept by the Reader
template <class T>
void read_abi(abi::Reader& in, T& value) {
  if constexpr (std::same_as<T, bool>) {
    value = in.boolean();
  } else if constexpr (std::same_as<T, std::uint64_t>) {
    value = in.u64();
  } else if constexpr (std::same_as<T, std::uint32_t>) {
    value = in.u32();
  } else if constexpr (std::same_as<T, std::uint16_t>) {
    value = in.u16();
  } else if constexpr (std::same_as<T, std::uint8_t>) {
    value = in.u8();
  } else if constexpr (IdField<T>) {
    value.value = in.u64();
  } else if constexpr (std::same_as<T, Amount>) {
    value = in.amount();
  } else if constexpr (std::same_as<T, Address>) {
    value = in.address();
  } else if constexpr (std::same_as<T, Hash>) {
    value = in.hash();
  } else if constexpr (std::same_as<T, std::string>) {
    value = in.string();
  } else if constexpr (std::same_as<T, Bytes>) {
    value = to_bytes(in.bytes());
  } else if constexpr (ListField<T>) {
    value.resize(in.begin_array(abi_words<typename T::value_type>()));
    for (auto& element : value) read_abi(in, element);
    in.end();
  } else {
    static_assert(Record<T>, "calls take enumerations as uint8 and check them");
    if constexpr (abi_dynamic<T>()) in.begin_tuple(abi_tuple_words<T>());
    all_fields(value, [&](auto& member) {
      read_abi(in, member);
      return true;
    });
    if constexpr (abi_dynamic<T>()) in.end();
  }
}

}  // namespace aitbc::market
