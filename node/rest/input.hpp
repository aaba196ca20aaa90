// What a request brings along: query parameters and bodies are plain structs that list their fields once,
// with meaning and limits. Parsing, the report of what does not fit, and the OpenAPI schema come from that
// list.
#pragma once

#include <array>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "marketplace/ids.hpp"
#include "node/json/json_value.hpp"
#include "node/json/json_writer.hpp"
#include "node/rest/problem.hpp"
#include "node/rest/url.hpp"

namespace aitbc::rest {

struct QueryInput {};  // base of structs that come in the query
// Base of structs that come as the JSON body.
struct BodyInput {
  std::optional<Address> caller;  // who acts, as far as it is known before anything is signed
};

// An amount in AIT: 1.5 or "1.5"; a string where all 18 decimals matter.
struct Ait {
  Amount value;
};
// A span of time in hours, fractions allowed. Judged by whoever takes it.
struct Hours {
  double value = 0;
};
// A moment: "2026-01-02T03:04:05Z".
struct Time {
  Seconds value = 0;
};
// A rating as a decimal: 4.5.
struct Rating {
  std::uint64_t hundredths = 0;
};

struct Limits {
  std::uint64_t min = 0;
  std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  std::string_view one_of;  // "fixed|hourly": the values that a text may have; empty: any
};

template <class Owner, class T>
struct InputField {
  using Type = T;
  std::string_view name;
  T Owner::*member;
  std::string_view about;
  Limits limits;
};
template <class Owner, class T>
constexpr InputField<Owner, T> input(std::string_view name, T Owner::*member, std::string_view about,
                                     Limits limits = {}) {
  return {name, member, about, limits};
}

template <class T>
concept InputStruct = requires {
  T::kFields;
};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
  using Inner = T;
};
template <class T>
struct IsId : std::false_type {};
template <market::Kind K>
struct IsId<market::Id<K>> : std::true_type {};

using Where = std::vector<std::string>;
using Issues = std::vector<Issue>;

// ---- one value. From JSON, or from the text of a query parameter or path segment; what does not fit is
// added to the issues.
struct Source {
  Json json;                             // used when text is absent
  std::optional<std::string_view> text;  // of a query parameter or path segment
};
bool read(const Source& source, std::string& out, const Limits& limits, const Where& where, Issues& issues);
bool read(const Source& source, std::uint64_t& out, const Limits& limits, const Where& where, Issues& issues);
bool read(const Source& source, bool& out, const Limits& limits, const Where& where, Issues& issues);
bool read(const Source& source, Ait& out, const Limits& limits, const Where& where, Issues& issues);
bool read(const Source& source, Hours& out, const Limits& limits, const Where& where, Issues& issues);
bool read(const Source& source, Time& out, const Limits& limits, const Where& where, Issues& issues);
bool read(const Source& source, Rating& out, const Limits& limits, const Where& where, Issues& issues);
bool read(const Source& source, Address& out, const Limits& limits, const Where& where, Issues& issues);
bool read(const Source& source, Hash& out, const Limits& limits, const Where& where, Issues& issues);
// 0x hex; the limits are of bytes.
bool read(const Source& source, Bytes& out, const Limits& limits, const Where& where, Issues& issues);
bool read(const Source& source, std::vector<std::string>& out, const Limits& limits, const Where& where,
          Issues& issues);
bool read_id(const Source& source, market::Kind kind, std::uint64_t& out, const Where& where, Issues& issues);
template <market::Kind K>
bool read(const Source& source, market::Id<K>& out, const Limits&, const Where& where, Issues& issues) {
  return read_id(source, K, out.value, where, issues);
}

void report_missing(Where where, Issues& issues);
void report_unexpected(Where where, Issues& issues);
void report(Where where, std::string message, std::string type, Issues& issues);

template <class F, class T>
void for_each_input(T&& object, F&& each) {
  std::apply([&](const auto&... field) { (each(field, object.*(field.member)), ...); },
             std::remove_cvref_t<T>::kFields);
}
template <InputStruct T>
bool names(std::string_view name) {
  return std::apply([&](const auto&... field) { return ((field.name == name) || ...); }, T::kFields);
}

// What every write's body may have beside its own fields.
inline constexpr std::array<std::string_view, 2> kEnvelope{"from", "signed_transaction"};

template <InputStruct T>
void read_object(Json json, T& out, const Where& where, Issues& issues);

template <class T>
void read_member(const Source& source, bool present, T& out, const Limits& limits, const Where& where,
                 Issues& issues) {
  if constexpr (IsOptional<T>::value) {
    if (present) read_member(source, true, out.emplace(), limits, where, issues);
  } else if (!present) {
    report_missing(where, issues);
  } else if constexpr (InputStruct<T>) {
    read_object(source.json, out, where, issues);
  } else {
    read(source, out, limits, where, issues);
  }
}

template <InputStruct T>
void read_object(Json json, T& out, const Where& where, Issues& issues) {
  if (!json.is_object() && !json.is_null())  // no body is one without members
    return report(where, "an object is expected", "type_error", issues);
  for_each_input(out, [&](const auto& field, auto& member) {
    Where inner = where;
    inner.emplace_back(field.name);
    const Json value = json.find(field.name);
    read_member({value, std::nullopt}, !value.is_null(), member, field.limits, inner, issues);
  });
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string_view name = json.member(i).first;
    if (names<T>(name)) continue;
    if (std::derived_from<T, BodyInput> && (name == kEnvelope[0] || name == kEnvelope[1])) continue;
    Where inner = where;
    inner.emplace_back(name);
    report_unexpected(std::move(inner), issues);
  }
}

template <InputStruct T>
void read_pairs(const QueryPairs& pairs, T& out, Issues& issues) {
  for_each_input(out, [&](const auto& field, auto& member) {
    const std::string* value = nullptr;
    for (const auto& [name, text] : pairs)
      if (name == field.name) value = &text;
    Source source;
    if (value != nullptr) source.text = *value;
    read_member(source, value != nullptr, member, field.limits, {"query", std::string(field.name)}, issues);
  });
  for (const auto& [name, text] : pairs)
    if (!names<T>(name)) report_unexpected({"query", name}, issues);
}

// ---- JSON schemas
std::string schema_of(const std::string*, const Limits& limits);
std::string schema_of(const std::uint64_t*, const Limits& limits);
std::string schema_of(const bool*, const Limits&);
std::string schema_of(const Ait*, const Limits&);
std::string schema_of(const Hours*, const Limits&);
std::string schema_of(const Time*, const Limits&);
std::string schema_of(const Rating*, const Limits&);
std::string schema_of(const Address*, const Limits&);
std::string schema_of(const Hash*, const Limits&);
std::string schema_of(const Bytes*, const Limits&);
std::string schema_of(const std::vector<std::string>*, const Limits&);
std::string id_schema(market::Kind kind);
template <market::Kind K>
std::string schema_of(const market::Id<K>*, const Limits&) {
  return id_schema(K);
}

struct InputSchema {
  std::string name;
  std::string about;
  bool required = true;
  std::string schema;
};
template <InputStruct T>
std::vector<InputSchema> input_schemas();
std::string object_schema(const std::vector<InputSchema>& members);

template <class T>
std::string value_schema(const Limits& limits) {
  if constexpr (IsOptional<T>::value)
    return value_schema<typename IsOptional<T>::Inner>(limits);
  else if constexpr (InputStruct<T>)
    return object_schema(input_schemas<T>());
  else
    return schema_of(static_cast<const T*>(nullptr), limits);
}
template <InputStruct T>
std::vector<InputSchema> input_schemas() {
  std::vector<InputSchema> out;
  std::apply(
      [&](const auto&... field) {
        (out.push_back({std::string(field.name), std::string(field.about),
                        !IsOptional<typename std::remove_cvref_t<decltype(field)>::Type>::value,
                        value_schema<typename std::remove_cvref_t<decltype(field)>::Type>(field.limits)}),
         ...);
      },
      T::kFields);
  return out;
}

}  // namespace aitbc::rest
