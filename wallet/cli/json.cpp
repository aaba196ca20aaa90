#include "wallet/cli/json.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "codec/hex.hpp"
#include "codec/utf8.hpp"

namespace aitbc::cli {

namespace json = boost::json;

struct Json::Document {
  json::value root;
};

namespace {

const json::value& value_at(const void* value) {
  static const json::value null;
  return value == nullptr ? null : *static_cast<const json::value*>(value);
}

}  // namespace

Result<Json> Json::parse(std::string_view text) {
  boost::system::error_code error;
  json::value root = json::parse(text, error);
  if (error) return fail(ErrorCode::invalid_input, "not JSON: " + error.message());
  auto document = std::make_shared<Document>(Document{std::move(root)});
  const void* top = &document->root;
  return Json(std::move(document), top);
}

Json Json::operator[](std::string_view member) const {
  const json::object* object = value_at(value_).if_object();
  const json::value* found = object == nullptr ? nullptr : object->if_contains(member);
  return {document_, found};
}

Json Json::operator[](std::size_t index) const {
  const json::array* array = value_at(value_).if_array();
  const bool inside = array != nullptr && index < array->size();
  return {document_, inside ? &(*array)[index] : nullptr};
}

bool Json::is_null() const { return value_at(value_).is_null(); }
bool Json::is_string() const { return value_at(value_).is_string(); }
bool Json::is_object() const { return value_at(value_).is_object(); }
bool Json::is_array() const { return value_at(value_).is_array(); }
bool Json::is_true() const { return value_at(value_) == json::value(true); }

std::size_t Json::size() const {
  const json::value& value = value_at(value_);
  if (value.is_array()) return value.get_array().size();
  return value.is_object() ? value.get_object().size() : 0;
}

std::vector<Json> Json::elements() const {
  std::vector<Json> out;
  if (is_array())
    for (std::size_t i = 0; i < size(); ++i) out.push_back((*this)[i]);
  return out;
}

std::vector<std::pair<std::string, Json>> Json::members() const {
  std::vector<std::pair<std::string, Json>> out;
  if (const json::object* object = value_at(value_).if_object())
    for (const auto& member : *object)
      out.emplace_back(std::string(member.key()), Json(document_, &member.value()));
  return out;
}

std::string Json::text() const {
  if (is_null()) return "";
  return is_string() ? std::string(value_at(value_).get_string()) : dump();
}

std::optional<Uint256> Json::number() const {
  const json::value& value = value_at(value_);
  if (value.is_string()) {
    const std::string_view digits = value.get_string();
    if (!digits.starts_with("0x")) return Uint256::from_decimal(digits);
    const auto quantity = hex::parse_quantity(digits);
    return quantity ? std::optional(*quantity) : std::nullopt;
  }
  if (value.is_uint64()) return Uint256(value.get_uint64());
  if (value.is_int64() && value.get_int64() >= 0)
    return Uint256(static_cast<std::uint64_t>(value.get_int64()));
  return std::nullopt;
}

std::optional<std::uint64_t> Json::u64() const {
  const auto value = number();
  if (!value || !value->fits_u64()) return std::nullopt;
  return value->low_u64();
}

std::string Json::dump() const {
  const json::value& value = value_at(value_);
  if (!value.is_double()) return json::serialize(value);
  char digits[32];  // the shortest that reads back the same, without the exponent that Boost writes
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value.get_double());
  return error == std::errc{} ? std::string(digits, end) : json::serialize(value);
}

std::string json_text(std::string_view text) {
  if (is_utf8(text)) return json::serialize(json::string_view(text));
  std::string ascii(text);
  for (char& c : ascii)
    if ((c & 0x80) != 0) c = '?';
  return json::serialize(json::string_view(ascii));
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view value) {
  if (!members_.empty()) members_ += ',';
  members_ += json_text(name);
  members_ += ':';
  members_ += value;
  return *this;
}

std::string json_array(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) {
    if (out.size() > 1) out += ',';
    out += item;
  }
  return out + "]";
}

}  // namespace aitbc::cli
