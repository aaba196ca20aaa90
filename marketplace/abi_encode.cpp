// From JSON with names to calldata.
#include <boost/json.hpp>

#include "codec/abi_value.hpp"
#include "codec/hex.hpp"
#include "marketplace/abi.hpp"

namespace aitbc::market {
namespace {

namespace json = boost::json;

Result<abi::Value> to_value(const AbiParam& param, const json::value& value);

tl::unexpected<Error> misfit(const AbiParam& param, const std::string& what) {
  return fail(ErrorCode::invalid_input, param.name + ": " + what);
}

Result<abi::Value> integer(const AbiParam& param, const json::value& value) {
  if (value.is_int64() && value.as_int64() >= 0)
    return abi::Value{Uint256(static_cast<std::uint64_t>(value.as_int64()))};
  if (value.is_uint64()) return abi::Value{Uint256(value.as_uint64())};
  if (param.id_kind && value.is_null()) return abi::Value{Uint256()};
  if (!value.is_string()) return misfit(param, "must be a whole number");
  const std::string_view text = value.as_string();
  for (std::size_t i = 0; i < param.enum_names.size(); ++i)
    if (text == param.enum_names[i]) return abi::Value{Uint256(i)};
  if (param.id_kind) {
    const auto id = parse_id(*param.id_kind, text);
    return id ? Result<abi::Value>(abi::Value{Uint256(*id)}) : misfit(param, id.error().message);
  }
  const auto number = Uint256::from_decimal(text);
  return number ? Result<abi::Value>(abi::Value{*number}) : misfit(param, "must be a whole number");
}

Result<abi::Value> list(const AbiParam& param, const json::value& value) {
  if (!value.is_array()) return misfit(param, "must be an array");
  AbiParam element = param;
  element.type = param.type.substr(0, param.type.size() - 2);
  abi::Value::List out;
  for (const json::value& each : value.as_array()) {
    AITBC_ASSIGN(auto converted, to_value(element, each));
    out.push_back(std::move(converted));
  }
  return abi::Value{std::move(out)};
}

// What a member that is left out means; calls take it as "the default".
json::value zero_of(const AbiParam& param) {
  if (param.type.ends_with("[]")) return json::array();
  if (param.type == "bool") return false;
  if (param.type == "string") return "";
  if (param.type == "address") return json::string(hex::encode_prefixed(Address{}));
  if (param.type == "bytes32") return json::string(hex::encode_prefixed(Hash{}));
  if (param.type == "bytes") return "0x";
  if (param.type == "tuple") return json::object();
  return 0;
}

// Members of a struct may be left out, arguments of a call may not.
Result<abi::Value::List> members(const std::vector<AbiParam>& params, const json::value& value, bool complete,
                                 const std::string& where) {
  abi::Value::List out;
  if (value.is_array()) {
    if (value.as_array().size() != params.size())
      return fail(ErrorCode::invalid_input, where + " takes " + std::to_string(params.size()) + " values");
    for (std::size_t i = 0; i < params.size(); ++i) {
      AITBC_ASSIGN(auto converted, to_value(params[i], value.as_array()[i]));
      out.push_back(std::move(converted));
    }
    return out;
  }
  if (!value.is_object()) return fail(ErrorCode::invalid_input, where + " must be an object or an array");
  std::size_t used = 0;
  for (const AbiParam& param : params) {
    const json::value* member = value.as_object().if_contains(param.name);
    if (member == nullptr && complete) return fail(ErrorCode::invalid_input, where + " misses " + param.name);
    used += member == nullptr ? 0 : 1;
    AITBC_ASSIGN(auto converted, to_value(param, member == nullptr ? zero_of(param) : *member));
    out.push_back(std::move(converted));
  }
  if (used == value.as_object().size()) return out;
  for (const auto& member : value.as_object()) {
    const bool known = std::any_of(params.begin(), params.end(),
                                   [&](const AbiParam& param) { return param.name == member.key(); });
    if (!known) return fail(ErrorCode::invalid_input, where + " has no " + std::string(member.key()));
  }
  return out;
}

Result<abi::Value> text_value(const AbiParam& param, const json::value& value) {
  if (!value.is_string()) return misfit(param, "must be a text");
  const std::string_view text = value.as_string();
  if (param.type == "string") return abi::Value{std::string(text)};
  if (param.type == "address") {
    const auto address = hex::parse_address(text);
    return address ? Result<abi::Value>(abi::Value{*address}) : misfit(param, address.error().message);
  }
  auto bytes = hex::decode(text);
  return bytes ? Result<abi::Value>(abi::Value{*std::move(bytes)}) : misfit(param, bytes.error().message);
}

Result<abi::Value> to_value(const AbiParam& param, const json::value& value) {
  if (param.type.ends_with("[]")) return list(param, value);
  if (param.type == "tuple") {
    AITBC_ASSIGN(auto fields, members(param.components, value, false, param.name));
    return abi::Value{std::move(fields)};
  }
  if (param.type.starts_with("uint")) return integer(param, value);
  if (param.type != "bool") return text_value(param, value);
  if (!value.is_bool()) return misfit(param, "must be true or false");
  return abi::Value{value.as_bool()};
}

}  // namespace

Result<Bytes> encode_call(std::string_view name, std::string_view arguments_json) {
  const Call* call = find_call(name);
  if (call == nullptr)
    return fail(ErrorCode::not_found, "the marketplace has no call '" + std::string(name) + "'");
  boost::system::error_code error;
  const json::value arguments = json::parse(arguments_json, error);
  if (error) return fail(ErrorCode::invalid_input, "the arguments are not JSON: " + error.message());
  AITBC_ASSIGN(const auto values, members(call->inputs, arguments, true, std::string(name)));
  return abi::encode_call(call->signature, values);
}

}  // namespace aitbc::market
