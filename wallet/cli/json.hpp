// JSON documents for the commands: reading that forgives what is missing, and writing in order.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/uint256.hpp"

namespace aitbc::cli {

// A value inside a parsed document, which it keeps alive. What is not there reads as null, and null as empty.
class Json {
 public:
  Json() = default;
  static Result<Json> parse(std::string_view text);

  // A member of an object, an element of an array; null when there is none.
  Json operator[](std::string_view member) const;
  Json operator[](std::size_t index) const;

  bool is_null() const;
  bool is_string() const;
  bool is_object() const;
  bool is_array() const;
  bool is_true() const;
  std::size_t size() const;  // of an array or object, otherwise 0
  std::vector<Json> elements() const;
  std::vector<std::pair<std::string, Json>> members() const;

  // A string's content; of anything else, its JSON text ("" for null).
  std::string text() const;
  // A JSON number, a decimal string or a 0x quantity.
  std::optional<Uint256> number() const;
  std::optional<std::uint64_t> u64() const;
  // The value as JSON text.
  std::string dump() const;

 private:
  struct Document;
  Json(std::shared_ptr<const Document> document, const void* value)
      : document_(std::move(document)), value_(value) {}
  std::shared_ptr<const Document> document_;
  const void* value_ = nullptr;
};

// `text` as a JSON string, quotes included. Bytes that are not UTF-8 are replaced.
std::string json_text(std::string_view text);

// Builds {"a":..,"b":..} member by member; values are JSON text.
class JsonObject {
 public:
  JsonObject& raw(std::string_view name, std::string_view json);
  JsonObject& text(std::string_view name, std::string_view value) { return raw(name, json_text(value)); }
  JsonObject& number(std::string_view name, std::uint64_t value) { return raw(name, std::to_string(value)); }
  JsonObject& boolean(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  std::string str() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};
// [a,b,...] of JSON texts.
std::string json_array(const std::vector<std::string>& items);

}  // namespace aitbc::cli
