#include "genesis/strict_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <vector>

#include "codec/hex.hpp"

namespace aitbc::genesis {
namespace {

namespace json = boost::json;

std::string join(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : std::string(path) + "." + std::string(key);
}

Error about(const std::string& path, const std::string& what) {
  return {ErrorCode::invalid_input, "genesis: " + path + ": " + what};
}

const char* kind_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
      return "an integer";
    case json::kind::double_:
      return "a number that is not an integer";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
  }
  return "";
}

std::string expected(const char* what, const json::value& got) {
  return std::string("expected ") + what + ", got " + kind_name(got);
}

bool is_hexadecimal(std::string_view text) { return text.starts_with("0x"); }

Result<std::uint64_t> parse_u64(std::string_view text) {
  if (is_hexadecimal(text)) return hex::parse_quantity_u64(text);
  const auto wide = Uint256::from_decimal(text);
  if (!wide || !wide->fits_u64()) return fail(ErrorCode::invalid_input, "not an integer below 2^64");
  return wide->low_u64();
}

Result<Amount> parse_amount(std::string_view text) {
  if (!is_hexadecimal(text)) return parse_units(text);
  AITBC_ASSIGN(const Uint256 wide, hex::parse_quantity(text));
  const auto amount = to_amount(wide);
  if (!amount) return fail(ErrorCode::invalid_input, "the amount is larger than 2^128 - 1 base units");
  return *amount;
}

// The events of Boost.JSON's parser. Finds what its tree would hide: of two equal keys it keeps the last
// without a word, and numbers that fit no integer it rounds.
struct StrictScan {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  using Code = json::error_code;
  using Text = json::string_view;

  struct Level {
    std::set<std::string> keys;  // of the object; empty for an array
    std::string key;             // the one being read
  };
  std::vector<Level> levels;
  std::string partial_key;
  std::optional<Error> problem;  // the first one found

  bool open() {
    levels.emplace_back();
    return true;
  }
  bool close() {
    levels.pop_back();
    return true;
  }
  bool on_key_part(Text part, std::size_t, Code&) {
    partial_key.append(part.data(), part.size());
    return true;
  }
  bool on_key(Text part, std::size_t, Code& code) {
    partial_key.append(part.data(), part.size());
    Level& level = levels.back();
    level.key = std::exchange(partial_key, {});
    if (level.keys.insert(level.key).second) return true;
    return stop("is there twice", code);
  }
  bool stop(const char* what, Code& code) {
    std::string path;
    for (const Level& level : levels)
      if (!level.key.empty()) path = join(path, level.key);
    problem = about(path, what);
    code = json::error::extra_data;  // any will do: it ends the parsing
    return false;
  }
  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return open(); }
  bool on_object_end(std::size_t, Code&) { return close(); }
  bool on_array_begin(Code&) { return open(); }
  bool on_array_end(std::size_t, Code&) { return close(); }
  bool on_string_part(Text, std::size_t, Code&) { return true; }
  bool on_string(Text, std::size_t, Code&) { return true; }
  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t, Text, Code&) { return true; }
  bool on_uint64(std::uint64_t, Text, Code&) { return true; }
  bool on_double(double, Text, Code& code) { return stop("is not a 64-bit integer", code); }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }
};

Result<void> scan(std::string_view text) {
  json::basic_parser<StrictScan> parser{json::parse_options{}};
  json::error_code code;
  const std::size_t consumed = parser.write_some(false, text.data(), text.size(), code);
  if (const auto& problem = parser.handler().problem) return fail(*problem);
  if (!code && consumed < text.size()) code = json::error::extra_data;
  if (!code) return {};
  const std::string_view before = text.substr(0, consumed);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  return fail(about("line " + std::to_string(line), code.message()));
}

}  // namespace

Result<json::value> parse_strict_json(std::string_view text) {
  AITBC_TRY(scan(text));
  json::error_code code;
  json::value document = json::parse(text, code);
  if (code) return fail(ErrorCode::invalid_input, "genesis: " + code.message());
  return document;
}

Result<ObjectReader> ObjectReader::root(const json::value& document) {
  if (!document.is_object())
    return fail(ErrorCode::invalid_input, "genesis: " + expected("an object", document));
  return ObjectReader(document.get_object(), "");
}

bool ObjectReader::has(std::string_view key) const { return members_->contains(key); }

std::string ObjectReader::path_of(std::string_view key) const { return join(path_, key); }
Error ObjectReader::wrong(std::string_view key, const std::string& what) const {
  return about(path_of(key), what);
}

Result<const json::value*> ObjectReader::member(std::string_view key) {
  const json::value* value = members_->if_contains(key);
  if (value == nullptr) return fail(wrong(key, "is missing"));
  read_.emplace(key);
  return value;
}

Result<ObjectReader> ObjectReader::object(std::string_view key) {
  AITBC_ASSIGN(const json::value* value, member(key));
  if (!value->is_object()) return fail(wrong(key, expected("an object", *value)));
  return ObjectReader(value->get_object(), path_of(key));
}

Result<std::string> ObjectReader::text(std::string_view key) {
  AITBC_ASSIGN(const json::value* value, member(key));
  if (!value->is_string()) return fail(wrong(key, expected("a string", *value)));
  return std::string(value->get_string());
}

Result<bool> ObjectReader::boolean(std::string_view key) {
  AITBC_ASSIGN(const json::value* value, member(key));
  if (!value->is_bool()) return fail(wrong(key, expected("true or false", *value)));
  return value->get_bool();
}

Result<std::uint64_t> ObjectReader::u64(std::string_view key) {
  AITBC_ASSIGN(const json::value* value, member(key));
  if (value->is_uint64()) return value->get_uint64();
  if (value->is_int64()) {
    if (value->get_int64() < 0) return fail(wrong(key, "is negative"));
    return static_cast<std::uint64_t>(value->get_int64());
  }
  if (!value->is_string()) return fail(wrong(key, expected("an integer", *value)));
  const auto parsed = parse_u64(std::string_view(value->get_string()));
  if (!parsed) return fail(wrong(key, parsed.error().message));
  return *parsed;
}

Result<Amount> ObjectReader::amount(std::string_view key) {
  AITBC_ASSIGN(const json::value* value, member(key));
  if (!value->is_string()) return fail(wrong(key, expected("a string of base units", *value)));
  const auto parsed = parse_amount(std::string_view(value->get_string()));
  if (!parsed) return fail(wrong(key, parsed.error().message));
  return *parsed;
}

Result<Bytes> ObjectReader::data(std::string_view key) {
  AITBC_ASSIGN(const std::string hexadecimal, text(key));
  if (!is_hexadecimal(hexadecimal)) return fail(wrong(key, "expected 0x and hexadecimal digits"));
  auto bytes = hex::decode(hexadecimal);
  if (!bytes) return fail(wrong(key, bytes.error().message));
  return std::move(*bytes);
}

Result<Address> ObjectReader::address(std::string_view key) {
  AITBC_ASSIGN(const std::string written, text(key));
  const auto parsed = hex::parse_address(written);
  if (!parsed) return fail(wrong(key, parsed.error().message));
  return *parsed;
}

Result<std::string> ObjectReader::object_text(std::string_view key) {
  AITBC_TRY(object(key));
  return json::serialize(*members_->if_contains(key));
}

std::vector<std::string> ObjectReader::keys() {
  std::vector<std::string> all;
  for (const auto& member : *members_) {
    all.emplace_back(member.key());
    read_.emplace(member.key());
  }
  return all;
}

Result<void> ObjectReader::finish() const {
  for (const auto& member : *members_)
    if (read_.find(std::string_view(member.key())) == read_.end())
      return fail(wrong(std::string_view(member.key()), "is not a known key"));
  return {};
}

}  // namespace aitbc::genesis
