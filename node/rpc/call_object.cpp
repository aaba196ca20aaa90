#include "node/rpc/call_object.hpp"

namespace aitbc::rpc {
namespace {

// Reads a member into `out` when it is there.
template <class T, class Parser>
Result<void> take(Json object, const char* name, Parser parser, T& out) {
  const Json member = object.find(name);
  if (member.is_null()) return {};
  auto parsed = parser(member);
  if (!parsed) return fail(ErrorCode::invalid_input, std::string(name) + ": " + parsed.error().message);
  out = std::move(*parsed);
  return {};
}

Result<AccessList> parse_access_list(Json json) {
  if (!json.is_array()) return fail(ErrorCode::invalid_input, "an array is expected");
  AccessList out;
  for (std::size_t i = 0; i < json.size(); ++i) {
    AccessListEntry entry;
    AITBC_TRY(take(json[i], "address", parse_address, entry.address));
    AITBC_TRY(take(json[i], "storageKeys", ParamTraits<std::vector<Hash>>::parse, entry.storage_keys));
    out.push_back(std::move(entry));
  }
  return out;
}

Result<void> take_data(Json json, Bytes& out) {
  std::optional<Bytes> data;
  std::optional<Bytes> input;
  AITBC_TRY(take(json, "data", parse_data, data));
  AITBC_TRY(take(json, "input", parse_data, input));
  if (data && input && *data != *input)
    return fail(
        ErrorCode::invalid_input,
        "both \"data\" and \"input\" are set and not equal. Please use \"input\" to pass transaction call "
        "data");
  if (input)
    out = std::move(*input);
  else if (data)
    out = std::move(*data);
  return {};
}

Result<void> take_fees(Json json, Uint256& fee_cap) {
  std::optional<Uint256> price;
  std::optional<Uint256> max_fee;
  std::optional<Uint256> tip;
  AITBC_TRY(take(json, "gasPrice", parse_big_quantity, price));
  AITBC_TRY(take(json, "maxFeePerGas", parse_big_quantity, max_fee));
  AITBC_TRY(take(json, "maxPriorityFeePerGas", parse_big_quantity, tip));
  if (price && (max_fee || tip))
    return fail(ErrorCode::invalid_input,
                "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
  if (max_fee && tip && *max_fee < *tip)
    return fail(ErrorCode::invalid_input, "maxFeePerGas is lower than maxPriorityFeePerGas");
  fee_cap = price.value_or(max_fee.value_or(Uint256{}));
  return {};
}

}  // namespace

Result<CallObject> parse_call_object(Json json) {
  if (!json.is_object()) return fail(ErrorCode::invalid_input, "a call object is expected");
  CallObject out;
  AITBC_TRY(take(json, "from", parse_address, out.from));
  AITBC_TRY(take(json, "to", parse_address, out.to));
  AITBC_TRY(take(json, "gas", parse_quantity, out.gas));
  AITBC_TRY(take(json, "value", parse_big_quantity, out.value));
  AITBC_TRY(take(json, "accessList", parse_access_list, out.access_list));
  AITBC_TRY(take_fees(json, out.fee_cap));
  AITBC_TRY(take_data(json, out.data));
  return out;
}

}  // namespace aitbc::rpc
