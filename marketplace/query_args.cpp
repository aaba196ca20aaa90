#include "marketplace/query_args.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "codec/hex.hpp"

namespace aitbc::market {
namespace {

namespace json = boost::json;

tl::unexpected<Error> bad(std::string_view name, const std::string& what) {
  return fail(ErrorCode::invalid_input, std::string(name) + ": " + what);
}

// Scalars as text. Numbers may also come as strings, since amounts do not fit a JSON number.
Result<std::string> scalar(const QueryParam& param, const json::value& value) {
  if (value.is_string() && param.type != "boolean") return std::string(value.as_string());
  if (value.is_bool() && param.type == "boolean") return std::string(value.as_bool() ? "true" : "false");
  const bool whole = value.is_uint64() || (value.is_int64() && value.as_int64() >= 0);
  if (whole && param.type != "boolean") return json::serialize(value);
  return bad(param.name, "must be a JSON " + std::string(param.type));
}

// Libraries of wallets send arrays only: what they call by name is one object in an array. No parameter is an
// object itself.
const json::value& parameters_in(const json::value& parsed) {
  const bool is_wrapped =
      parsed.is_array() && parsed.as_array().size() == 1 && parsed.as_array()[0].is_object();
  return is_wrapped ? parsed.as_array()[0] : parsed;
}

}  // namespace

Result<QueryArgs> QueryArgs::parse(const QueryMethod& method, std::string_view params_json) {
  boost::system::error_code error;
  const json::value parsed = json::parse(params_json, error);
  if (error) return fail(ErrorCode::invalid_input, "the parameters are not JSON");
  const json::value& given = parameters_in(parsed);
  QueryArgs out;
  const auto take = [&](const QueryParam& param, const json::value* value) -> Result<void> {
    if (value == nullptr || value->is_null()) {
      if (param.required)
        return fail(ErrorCode::invalid_input, "missing value for " + std::string(param.name));
      return {};
    }
    AITBC_ASSIGN(auto text, scalar(param, *value));
    out.values_.emplace(param.name, std::move(text));
    return {};
  };
  if (given.is_array()) {
    const json::array& list = given.as_array();
    if (list.size() > method.params.size())
      return fail(ErrorCode::invalid_input,
                  "too many arguments, want at most " + std::to_string(method.params.size()));
    for (std::size_t i = 0; i < method.params.size(); ++i)
      AITBC_TRY(take(method.params[i], i < list.size() ? &list[i] : nullptr));
    return out;
  }
  if (!given.is_object())
    return fail(ErrorCode::invalid_input, "the parameters must be an array or an object");
  std::size_t used = 0;
  for (const QueryParam& param : method.params) {
    const json::value* value = given.as_object().if_contains(param.name);
    used += value == nullptr ? 0 : 1;
    AITBC_TRY(take(param, value));
  }
  if (used != given.as_object().size())
    return fail(ErrorCode::invalid_input, "a parameter that " + std::string(method.name) + " does not have");
  return out;
}

std::optional<std::string_view> QueryArgs::text(std::string_view name) const {
  const auto at = values_.find(name);
  return at == values_.end() ? std::nullopt : std::optional<std::string_view>(at->second);
}

Result<std::uint64_t> parse_number(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x");
  const std::string_view digits = hexadecimal ? text.substr(2) : text;
  std::uint64_t out = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), out, hexadecimal ? 16 : 10);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
    return fail(ErrorCode::invalid_input, "must be a whole number below 2^64");
  return out;
}

Result<std::optional<std::uint64_t>> QueryArgs::number(std::string_view name) const {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto out = parse_number(*value);
  if (!out) return bad(name, out.error().message);
  return *out;
}

Result<std::optional<Amount>> QueryArgs::amount(std::string_view name) const {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto out = parse_units(*value);
  if (!out) return bad(name, out.error().message);
  return *out;
}

Result<std::optional<Address>> QueryArgs::address(std::string_view name) const {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto out = hex::parse_address(*value);
  if (!out) return bad(name, out.error().message);
  return *out;
}

Result<std::optional<bool>> QueryArgs::boolean(std::string_view name) const {
  const auto value = text(name);
  return value ? std::optional(*value == "true") : std::nullopt;
}

Result<std::optional<std::uint64_t>> QueryArgs::id(std::string_view name, Kind kind) const {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto out = parse_id(kind, *value);
  if (!out) return bad(name, out.error().message);
  return *out;
}

}  // namespace aitbc::market
