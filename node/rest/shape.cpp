#include "node/rest/shape.hpp"

#include "base/amount.hpp"
#include "node/rest/iso_time.hpp"

namespace aitbc::rest {
namespace {

constexpr std::uint64_t kSecondsPerHour = 3600;
constexpr std::uint64_t kBps = 10'000;

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

// Base units come as decimal strings.
void write_amount(JsonWriter& out, Json value) {
  const auto amount =
      value.is_string() ? parse_units(value.string()) : Result<Amount>(Amount(value.u64().value_or(0)));
  out.raw(amount ? to_ait_string(*amount) : "0");
}

void write_time(JsonWriter& out, Json value) {
  const std::uint64_t seconds = value.u64().value_or(0);
  seconds == 0 ? out.null() : out.text(iso_time(seconds));
}

void write_objects(JsonWriter& out, const Shape& shape, Json value) {
  out.begin_array();
  for (std::size_t i = 0; i < value.size(); ++i) write_object(out, shape, value[i]);
  out.end_array();
}

void write_pairs(JsonWriter& out, Json value) {
  out.begin_object();
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::string name;  // of the owner's choice: it may need escaping
    JsonWriter(name).text(value[i].find("key").string());
    out.key(std::string_view(name).substr(1, name.size() - 2)).text(value[i].find("value").string());
  }
  out.end_object();
}

void write_value(JsonWriter& out, const OutField& field, Json value) {
  switch (field.form) {
    case Form::constant:
      out.text(field.source);
      return;
    case Form::text:
      out.text(value.is_string() ? value.string() : value.text());
      return;
    case Form::upper:
      out.text(upper(value.string()));
      return;
    case Form::number:
      out.number(value.number());
      return;
    case Form::integer:
    case Form::boolean:
    case Form::texts:
    case Form::any:
      out.raw(value.text());
      return;
    case Form::amount:
      return write_amount(out, value);
    case Form::time:
      return write_time(out, value);
    case Form::hours:
      out.number(static_cast<double>(value.u64().value_or(0)) / kSecondsPerHour);
      return;
    case Form::bps:
      out.number(static_cast<double>(value.u64().value_or(0)) / kBps);
      return;
    case Form::pairs:
      return write_pairs(out, value);
    case Form::object:
      return write_object(out, *field.shape, value);
    case Form::objects:
      return write_objects(out, *field.shape, value);
  }
}

std::string_view plain_schema(Form form) {
  switch (form) {
    case Form::text:
    case Form::upper:
    case Form::constant:
      return R"("type":"string")";
    case Form::integer:
      return R"("type":"integer","minimum":0)";
    case Form::number:
    case Form::hours:
    case Form::bps:
      return R"("type":"number")";
    case Form::pairs:
      return R"("type":"object","additionalProperties":{"type":"string"})";
    case Form::amount:
      return R"("type":"number","minimum":0)";
    case Form::boolean:
      return R"("type":"boolean")";
    case Form::time:
      return R"("type":"string","format":"date-time")";
    case Form::texts:
      return R"("type":"array","items":{"type":"string"})";
    case Form::any:
    case Form::object:
    case Form::objects:
      return "";
  }
  return "";
}

std::string field_schema(const OutField& field) {
  std::string about;
  JsonWriter(about).text(field.about);
  const std::string description = R"("description":)" + about;
  const auto reference = [&] {
    return R"({"$ref":"#/components/schemas/)" + std::string(field.shape->name) + "\"}";
  };
  std::string core;
  if (field.form == Form::object)
    core = R"("oneOf":[)" + reference() + (field.nullable ? R"(,{"type":"null"}])" : "]");
  else if (field.form == Form::objects)
    core = R"("type":"array","items":)" + reference();
  else
    core = plain_schema(field.form);
  if (field.nullable && field.form != Form::object && core.starts_with(R"("type":")")) {
    const std::size_t end = core.find('"', 8);
    core = R"("type":[)" + core.substr(7, end - 6) + R"(,"null"])" + core.substr(end + 1);
  }
  return "{" + core + (core.empty() ? "" : ",") + description + "}";
}

}  // namespace

Json at_path(Json source, std::string_view path) {
  while (!path.empty()) {
    const std::string_view step = path.substr(0, path.find('.'));
    source = source.find(step);
    path.remove_prefix(std::min(path.size(), step.size() + 1));
  }
  return source;
}

void write_fields(JsonWriter& out, const Shape& shape, Json source) {
  for (const OutField& field : shape.fields) {
    out.key(field.name);
    const Json value = field.form == Form::constant ? Json() : at_path(source, field.source);
    if (value.is_null() && field.form != Form::constant && field.form != Form::any && field.nullable)
      out.null();
    else
      write_value(out, field, value);
  }
}

void write_object(JsonWriter& out, const Shape& shape, Json source) {
  out.begin_object();
  write_fields(out, shape, source);
  out.end_object();
}

std::string schema_of(const Shape& shape) {
  std::string text;
  JsonWriter out(text);
  out.begin_object().key("type").text("object").key("properties").begin_object();
  for (const OutField& field : shape.fields) out.key(field.name).raw(field_schema(field));
  out.end_object().key("required").begin_array();
  for (const OutField& field : shape.fields) out.text(field.name);
  out.end_array().end_object();
  return text;
}

void for_each_shape(const Shape& shape, const std::function<void(const Shape&)>& each) {
  each(shape);
  for (const OutField& field : shape.fields)
    if (field.shape != nullptr) for_each_shape(*field.shape, each);
}

}  // namespace aitbc::rest
