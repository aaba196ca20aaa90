// From ABI data to JSON with names.
#include <algorithm>

#include "codec/abi_value.hpp"
#include "codec/hex.hpp"
#include "marketplace/abi.hpp"
#include "marketplace/json_writer.hpp"

namespace aitbc::market {
namespace {

void write_value(JsonWriter& out, const AbiParam& param, const abi::Value& value);

void write_integer(JsonWriter& out, const AbiParam& param, const Uint256& value) {
  if (param.id_kind) {
    value.is_zero() ? out.null() : out.text(id_text(*param.id_kind, value.low_u64()));
  } else if (value.fits_u64() && value.low_u64() < param.enum_names.size()) {
    out.text(param.enum_names[value.low_u64()]);
  } else if (param.type.starts_with("uint256")) {
    out.text(value.to_decimal());
  } else {
    out.number(value.low_u64());
  }
}

void write_list(JsonWriter& out, const AbiParam& param, const abi::Value::List& list) {
  AbiParam element = param;
  element.type = param.type.substr(0, param.type.size() - 2);
  out.begin_array();
  for (const abi::Value& each : list) write_value(out, element, each);
  out.end_array();
}

void write_members(JsonWriter& out, const std::vector<AbiParam>& params, const abi::Value::List& list) {
  out.begin_object();
  for (std::size_t i = 0; i < params.size(); ++i) {
    out.key(params[i].name);
    write_value(out, params[i], list[i]);
  }
  out.end_object();
}

void write_value(JsonWriter& out, const AbiParam& param, const abi::Value& value) {
  if (const auto* number = std::get_if<Uint256>(&value.data)) {
    write_integer(out, param, *number);
  } else if (const auto* flag = std::get_if<bool>(&value.data)) {
    out.boolean(*flag);
  } else if (const auto* address = std::get_if<Address>(&value.data)) {
    out.text(hex::checksummed(*address));
  } else if (const auto* bytes = std::get_if<Bytes>(&value.data)) {
    out.text(hex::encode_prefixed(*bytes));
  } else if (const auto* text = std::get_if<std::string>(&value.data)) {
    out.text(*text);
  } else if (const auto* list = std::get_if<abi::Value::List>(&value.data)) {
    param.type.ends_with("[]") ? write_list(out, param, *list) : write_members(out, param.components, *list);
  }
}

Result<abi::Value::List> decode_params(const std::vector<AbiParam>& params, ByteView data) {
  std::vector<abi::Type> types;
  for (const AbiParam& param : params) {
    AITBC_ASSIGN(auto type, abi::parse_type(param.canonical_type()));
    types.push_back(std::move(type));
  }
  return abi::decode(types, data);
}

Result<std::string> decode_to_json(const std::vector<AbiParam>& params, ByteView data) {
  AITBC_ASSIGN(const auto values, decode_params(params, data));
  JsonWriter out;
  write_members(out, params, values);
  return out.take();
}

template <class Entries, class Matches>
auto* find_entry(const Entries& entries, Matches&& matches) {
  const auto at = std::find_if(entries.begin(), entries.end(), matches);
  return at == entries.end() ? nullptr : &*at;
}

const ErrorEntry* find_error(ByteView data) {
  return find_entry(errors(), [&](const ErrorEntry& entry) { return starts_with(data, entry.selector); });
}

}  // namespace

Result<Decoded> decode_call(ByteView calldata) {
  const Call* call = calldata.size() < abi::Selector::kSize
                         ? nullptr
                         : find_call(abi::Selector::from(calldata.first(abi::Selector::kSize)));
  if (call == nullptr) return fail(ErrorCode::not_found, "not a call of the marketplace");
  AITBC_ASSIGN(auto arguments, decode_to_json(call->inputs, calldata.subspan(abi::Selector::kSize)));
  return Decoded{std::string(call->name), call->is_view() ? "VIEW" : std::string(call->type),
                 std::move(arguments)};
}

Result<std::string> decode_result(std::string_view name, ByteView output) {
  const Call* call = find_call(name);
  if (call == nullptr)
    return fail(ErrorCode::not_found, "the marketplace has no call '" + std::string(name) + "'");
  if (call->outputs.empty()) return "null";
  AITBC_ASSIGN(const auto values, decode_params(call->outputs, output));
  JsonWriter out;
  write_value(out, call->outputs[0], values[0]);
  return out.take();
}

Result<Decoded> decode_log(const Log& log) {
  const EventEntry* event =
      log.address != kContract || log.topics.empty()
          ? nullptr
          : find_entry(events(), [&](const EventEntry& entry) { return entry.topic == log.topics[0]; });
  if (event == nullptr) return fail(ErrorCode::not_found, "not an event of the marketplace");
  std::vector<AbiParam> in_data;
  for (const AbiParam& param : event->inputs)
    if (!param.indexed) in_data.push_back(param);
  AITBC_ASSIGN(const auto values, decode_params(in_data, log.data));
  JsonWriter out;
  out.begin_object();
  std::size_t next_topic = 1;
  std::size_t next_value = 0;
  for (const AbiParam& param : event->inputs) {
    out.key(param.name);
    if (!param.indexed) {
      write_value(out, param, values[next_value++]);
      continue;
    }
    if (next_topic >= log.topics.size())
      return fail(ErrorCode::invalid_input, "an event with too few topics");
    AITBC_ASSIGN(const auto word, decode_params({param}, log.topics[next_topic++]));
    write_value(out, param, word[0]);
  }
  out.end_object();
  return Decoded{std::string(event->name), "", out.take()};
}

Result<Decoded> decode_error(ByteView revert_data) {
  const ErrorEntry* error = find_error(revert_data);
  if (error == nullptr) return fail(ErrorCode::not_found, "not an error of the marketplace");
  AITBC_ASSIGN(auto arguments, decode_to_json(error->inputs, revert_data.subspan(abi::Selector::kSize)));
  return Decoded{std::string(error->name), "", std::move(arguments)};
}

std::string describe_error(ByteView revert_data) {
  const ErrorEntry* error = find_error(revert_data);
  if (error == nullptr) return {};
  const auto values = decode_params(error->inputs, revert_data.subspan(abi::Selector::kSize));
  if (!values) return {};
  std::string out = std::string(error->name) + "(";
  for (std::size_t i = 0; i < values->size(); ++i) {
    JsonWriter value;
    write_value(value, error->inputs[i], (*values)[i]);
    out += (i == 0 ? "" : ", ") + error->inputs[i].name + ": " + value.take();
  }
  return out + ")";
}

}  // namespace aitbc::market
