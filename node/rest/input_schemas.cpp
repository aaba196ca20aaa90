// What inputs look like in the OpenAPI document.
#include "node/rest/input.hpp"

namespace aitbc::rest {

std::string schema_of(const std::string*, const Limits& limits) {
  std::string text;
  JsonWriter out(text);
  out.begin_object().key("type").text("string");
  if (limits.min > 0) out.key("minLength").number(std::uint64_t{1});
  if (limits.max != Limits{}.max) out.key("maxLength").number(limits.max);
  if (!limits.one_of.empty()) {
    out.key("enum").begin_array();
    for (std::string_view rest = limits.one_of; !rest.empty();) {
      const std::string_view choice = rest.substr(0, rest.find('|'));
      out.text(choice);
      rest.remove_prefix(std::min(rest.size(), choice.size() + 1));
    }
    out.end_array();
  }
  out.end_object();
  return text;
}

std::string schema_of(const std::uint64_t*, const Limits& limits) {
  std::string text;
  JsonWriter out(text);
  out.begin_object().key("type").text("integer").key("minimum").number(limits.min);
  if (limits.max != Limits{}.max) out.key("maximum").number(limits.max);
  out.end_object();
  return text;
}

std::string schema_of(const bool*, const Limits&) { return R"({"type":"boolean"})"; }
std::string schema_of(const Ait*, const Limits&) { return R"({"$ref":"#/components/schemas/AmountInput"})"; }
std::string schema_of(const Hours*, const Limits&) {
  return R"({"type":"number","exclusiveMinimum":0,"maximum":8760})";
}
std::string schema_of(const Time*, const Limits&) { return R"({"type":"string","format":"date-time"})"; }
std::string schema_of(const Rating*, const Limits&) { return R"({"type":"number","minimum":0,"maximum":5})"; }
std::string schema_of(const Address*, const Limits&) { return R"({"$ref":"#/components/schemas/Address"})"; }
std::string schema_of(const Hash*, const Limits&) { return R"({"$ref":"#/components/schemas/Hash"})"; }
std::string schema_of(const Bytes*, const Limits&) {
  return R"({"type":"string","pattern":"^(0x)?([0-9a-fA-F]{2})*$"})";
}
std::string schema_of(const std::vector<std::string>*, const Limits&) {
  return R"({"type":"array","maxItems":64,"items":{"type":"string"}})";
}
std::string id_schema(market::Kind kind) {
  return R"({"type":"string","examples":[")" + market::id_text(kind, 1) + R"("]})";
}

std::string object_schema(const std::vector<InputSchema>& members) {
  std::string text;
  JsonWriter out(text);
  out.begin_object().key("type").text("object").key("additionalProperties").boolean(false);
  out.key("properties").begin_object();
  for (const InputSchema& member : members) {
    // A description beside a $ref is allowed since OpenAPI 3.1.
    std::string schema = member.schema;
    std::string about;
    JsonWriter(about).text(member.about);
    schema.insert(schema.size() - 1, ",\"description\":" + about);
    out.key(member.name).raw(schema);
  }
  out.end_object().key("required").begin_array();
  for (const InputSchema& member : members)
    if (member.required) out.text(member.name);
  out.end_array().end_object();
  return text;
}

}  // namespace aitbc::rest
