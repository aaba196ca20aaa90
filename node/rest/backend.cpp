#include "node/rest/backend.hpp"

#include "base/check.hpp"
#include "node/json/json_writer.hpp"

namespace aitbc::rest {

RestResult<Answer> Answer::of(Result<std::string> json) {
  if (!json) return refuse(std::move(json).error());
  return parse(*json);
}

Answer Answer::parse(const std::string& json) {
  Answer out;
  out.text_ = std::make_unique<std::string>(json);
  out.document_ = std::make_unique<JsonDocument>();
  const auto parsed = out.document_->parse(*out.text_);
  AITBC_CHECK(parsed.has_value(), "the node's own JSON does not parse");
  out.json_ = *parsed;
  return out;
}

void Params::key(std::string_view name) {
  if (text_.size() > 1) text_ += ',';
  JsonWriter(text_).text(name);
  text_ += ':';
}
Params& Params::text(std::string_view name, std::string_view value) {
  key(name);
  JsonWriter(text_).text(value);
  return *this;
}
Params& Params::number(std::string_view name, std::uint64_t value) {
  key(name);
  text_ += std::to_string(value);
  return *this;
}
Params& Params::boolean(std::string_view name, bool value) {
  key(name);
  text_ += value ? "true" : "false";
  return *this;
}
Params& Params::amount(std::string_view name, Amount value) { return text(name, to_units_string(value)); }
Params& Params::raw(std::string_view name, std::string_view json) {
  key(name);
  text_ += json;
  return *this;
}

}  // namespace aitbc::rest
