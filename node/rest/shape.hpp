// The form of what is answered. A shape lists the members of an object once: each with its name, where in the
// source (JSON of a query or of an event) its value stands, and its meaning. The answer and its JSON schema
// come from that list.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "node/json/json_value.hpp"
#include "node/json/json_writer.hpp"

namespace aitbc::rest {

enum class Form {
  text,     // a string
  upper,    // a state's name in capitals
  integer,  // a whole number
  number,   // any number, as the source has it
  boolean,
  amount,    // base units in the source, AIT in the answer: an exact decimal number
  time,      // Unix seconds in the source, "2026-01-02T03:04:05Z" in the answer; 0 is null
  hours,     // seconds in the source, hours in the answer
  bps,       // hundredths of a percent in the source, a fraction of 1 in the answer
  pairs,     // [{key, value}] in the source, an object in the answer
  texts,     // an array of strings
  any,       // JSON as the source has it
  object,    // of `shape`
  objects,   // an array of them
  constant,  // the text in `source` itself
};

struct Shape;
struct OutField {
  std::string_view name;
  std::string_view source;  // members on the way to the value: "spec.model"
  Form form = Form::text;
  std::string_view about;
  bool nullable = false;
  const Shape* shape = nullptr;
};
struct Shape {
  std::string_view name;  // of the schema: "Gpu"
  std::span<const OutField> fields;
};

// The value at a path of members; null when there is none.
Json at_path(Json source, std::string_view path);

void write_fields(JsonWriter& out, const Shape& shape, Json source);
void write_object(JsonWriter& out, const Shape& shape, Json source);
std::string schema_of(const Shape& shape);
// Calls `each` with the shape and all that it contains.
void for_each_shape(const Shape& shape, const std::function<void(const Shape&)>& each);

}  // namespace aitbc::rest
