// Parsed JSON, read without naming the library that parsed it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace boost::json {
class value;
}

namespace aitbc {

// A view of one value inside a JsonDocument, or of nothing (an absent argument), which reads as null.
class Json {
 public:
  enum class Kind { null, boolean, number, string, array, object };

  Json() = default;
  explicit Json(const boost::json::value& value) : value_(&value) {}

  Kind kind() const;
  bool is_null() const { return kind() == Kind::null; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }

  // Preconditions: the kind fits.
  bool boolean() const;
  std::string_view string() const;
  // A whole number in range; nullopt for fractions, negative and larger ones.
  std::optional<std::uint64_t> u64() const;
  double number() const;

  // Elements of an array, members of an object (in their order); 0 for everything else.
  std::size_t size() const;
  // Precondition: an array, index < size().
  Json operator[](std::size_t index) const;
  // Precondition: an object, index < size().
  std::pair<std::string_view, Json> member(std::size_t index) const;
  // The member of that name; reads as null when absent or when this is no object.
  Json find(std::string_view name) const;
  bool has(std::string_view name) const;

  // As JSON text.
  std::string text() const;

 private:
  const boost::json::value* value_ = nullptr;
};

// One parsed text and its memory.
class JsonDocument {
 public:
  JsonDocument();
  ~JsonDocument();
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  // Strict JSON in UTF-8, nested at most 32 deep. limit: values so many and small that they would take
  // several times the memory of the text. The views live as long as the document, until the next parse.
  Result<Json> parse(std::string_view text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc
