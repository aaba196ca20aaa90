// A record is described once, by its field list; its RLP, ABI and JSON forms are derived from that.
//
//   struct Interval {
//     Seconds start = 0;
//     Seconds end = 0;
//     static constexpr auto kFields = FlatTuple(field("start", &Interval::start),
//                                               field("end", &Interval::end));
//   };
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/flat_tuple.hpp"
#include "marketplace/ids.hpp"

namespace aitbc::market {

template <class T, class M>
struct Field {
  using Type = M;
  std::string_view name;  // camelCase, the same in every form
  M T::*member;
};

template <class T, class M>
constexpr Field<T, M> field(std::string_view name, M T::*member) {
  return {name, member};
}

template <class T>
concept Record = requires {
  T::kFields;
};

// Calls f(name, member) for each field in order; `record` may be const.
template <class T, class F>
constexpr void for_each_field(T& record, F&& f) {
  std::remove_const_t<T>::kFields.apply(
      [&](const auto&... each) { (f(each.name, record.*(each.member)), ...); });
}

// Stops at the first f(member) that returns false, and tells whether none did.
template <class T, class F>
constexpr bool all_fields(T& record, F&& f) {
  return std::remove_const_t<T>::kFields.apply(
      [&](const auto&... each) { return (f(record.*(each.member)) && ...); });
}

// Enumerations with a text form: enum_names(E) is found by argument-dependent look-up and yields the names in
// order of value, from 0.
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T value) {
  enum_names(value);
};

template <NamedEnum E>
constexpr std::string_view name_of(E value) {
  const auto names = enum_names(value);
  const auto index = static_cast<std::size_t>(value);
  return index < names.size() ? names[index] : std::string_view("unknown");
}

template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsId = false;
template <Kind K>
inline constexpr bool kIsId<Id<K>> = true;
// A list of records or numbers; Bytes is not one, it is a string of bytes.
template <class T>
concept ListField = kIsVector<T> && !std::same_as<T, Bytes>;
template <class T>
concept IdField = kIsId<T>;
template <class T>
concept UnsignedField = std::unsigned_integral<T> && !std::same_as<T, bool>;

}  // namespace aitbc::market
