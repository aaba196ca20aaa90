#include "node/rest/spec_writer.hpp"

namespace aitbc::rest {

SpecWriter& SpecWriter::raw(std::string_view name, const std::optional<std::string>& given,
                            std::string_view empty) {
  const Json before = before_.find(name);
  out_.raw(name, given ? *given : before.is_null() ? std::string(empty) : before.text());
  return *this;
}

SpecWriter& SpecWriter::text(std::string_view name, const std::optional<std::string>& given) {
  if (!given) return raw(name, std::nullopt, R"("")");
  out_.text(name, *given);
  return *this;
}
SpecWriter& SpecWriter::number(std::string_view name, const std::optional<std::uint64_t>& given) {
  if (!given) return raw(name, std::nullopt, "0");
  out_.number(name, *given);
  return *this;
}
SpecWriter& SpecWriter::boolean(std::string_view name, const std::optional<bool>& given) {
  if (!given) return raw(name, std::nullopt, "false");
  out_.boolean(name, *given);
  return *this;
}
SpecWriter& SpecWriter::amount(std::string_view name, const std::optional<Ait>& given) {
  if (!given) return raw(name, std::nullopt, R"("0")");
  out_.amount(name, given->value);
  return *this;
}
SpecWriter& SpecWriter::texts(std::string_view name, const std::optional<std::vector<std::string>>& given) {
  return raw(name, given ? std::optional(json_of(*given)) : std::nullopt, "[]");
}

std::string json_of(const std::vector<std::string>& texts) {
  std::string out;
  JsonWriter list(out);
  list.begin_array();
  for (const std::string& each : texts) list.text(each);
  list.end_array();
  return out;
}

RestResult<std::string> attributes_of(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& each : texts) {
    const std::size_t at = each.find('=');
    if (at == std::string::npos) return refuse(422, "attributes: '" + each + "' is not name=value");
    out += (out.size() == 1 ? "" : ",") +
           Params().text("key", each.substr(0, at)).text("value", each.substr(at + 1)).json();
  }
  return out + "]";
}

}  // namespace aitbc::rest
