#include "wallet/cli/node_client.hpp"

#include <algorithm>

#include "codec/abi_value.hpp"
#include "codec/hex.hpp"
#include "wallet/cli/market_errors.hpp"

namespace aitbc::cli {
namespace {

tl::unexpected<Failure> strange_answer(std::string_view method) {
  return failed(Exit::unreachable,
                "the node's answer to " + std::string(method) + " is not what that method gives");
}

std::string with_params(std::initializer_list<std::string> items) { return json_array(items); }

std::string address_param(const Address& account) { return json_text(hex::encode_prefixed(account)); }

Outcome<std::uint64_t> as_u64(const Outcome<Json>& answer, std::string_view method) {
  if (!answer) return fail(answer.error());
  const auto value = answer->u64();
  if (!value) return strange_answer(method);
  return *value;
}

Outcome<Amount> as_amount(const Outcome<Json>& answer, std::string_view method) {
  if (!answer) return fail(answer.error());
  const auto value = answer->number();
  const auto amount = value ? to_amount(*value) : std::nullopt;
  if (!amount) return strange_answer(method);
  return *amount;
}

// The reason in revert data: a marketplace error, Error(string), or nothing.
std::string revert_reason(ByteView data) {
  const std::string known = explain_revert(data);
  if (!known.empty()) return known;
  const auto message = abi::decode_call("Error(string)", data);
  if (message) return std::get<std::string>(message->front().data);
  return data.empty()
             ? ""
             : "unknown error " + hex::encode_prefixed(data.first(std::min<std::size_t>(4, data.size())));
}

}  // namespace

Failure explain(const RpcFailure& failure) {
  if (failure.kind == RpcFailure::Kind::unreachable) return {Exit::unreachable, failure.message};
  const std::string reason = revert_reason(failure.data);
  if (!reason.empty()) return {Exit::refused, "the contract refused: " + reason};
  const std::string market_reason = explain_message(failure.message);
  if (!market_reason.empty()) return {Exit::refused, market_reason};
  return {Exit::refused, "the node refused: " + failure.message};
}

std::string call_json(const CallRequest& request) {
  JsonObject out;
  if (request.from) out.raw("from", address_param(*request.from));
  out.raw("to", address_param(request.to));
  out.text("value", hex::quantity(request.value.to_uint256()));
  out.text("data", hex::encode_prefixed(request.data));
  return out.str();
}

Outcome<Json> NodeClient::call(std::string_view method, std::string_view params) {
  const auto answer = rpc_.call(method, params);
  if (!answer) return fail(explain(answer.error()));
  auto document = Json::parse(*answer);
  if (!document) return strange_answer(method);
  return *std::move(document);
}

Outcome<std::uint64_t> NodeClient::chain_id() { return as_u64(call("eth_chainId"), "eth_chainId"); }

Outcome<Height> NodeClient::head() { return as_u64(call("eth_blockNumber"), "eth_blockNumber"); }

Outcome<Amount> NodeClient::balance(const Address& account) {
  return as_amount(call("eth_getBalance", with_params({address_param(account), json_text("latest")})),
                   "eth_getBalance");
}

Outcome<Nonce> NodeClient::next_nonce(const Address& account) {
  return as_u64(call("eth_getTransactionCount", with_params({address_param(account), json_text("pending")})),
                "eth_getTransactionCount");
}

Outcome<Nonce> NodeClient::included_nonce(const Address& account) {
  return as_u64(call("eth_getTransactionCount", with_params({address_param(account), json_text("latest")})),
                "eth_getTransactionCount");
}

Outcome<Fees> NodeClient::suggested_fees() {
  AITBC_ASSIGN(const Amount tip, as_amount(call("eth_maxPriorityFeePerGas"), "eth_maxPriorityFeePerGas"));
  AITBC_ASSIGN(const Json history,
               call("eth_feeHistory", with_params({json_text("0x1"), json_text("latest"), "[]"})));
  const Json base_fees = history["baseFeePerGas"];
  if (base_fees.size() == 0) return strange_answer("eth_feeHistory");
  // The last entry is that of the block to come.
  AITBC_ASSIGN(const Amount base_fee, as_amount(base_fees[base_fees.size() - 1], "eth_feeHistory"));
  const auto doubled = checked_mul(base_fee, 2);
  const auto most = doubled ? checked_add(*doubled, tip) : std::nullopt;
  if (!most) return strange_answer("eth_feeHistory");
  return Fees{tip, *most};
}

Outcome<Gas> NodeClient::estimate_gas(const CallRequest& request) {
  return as_u64(call("eth_estimateGas", with_params({call_json(request)})), "eth_estimateGas");
}

Outcome<Bytes> NodeClient::view(const CallRequest& request, std::string_view block) {
  AITBC_ASSIGN(const Json answer, call("eth_call", with_params({call_json(request), json_text(block)})));
  auto bytes = hex::decode(answer.text());
  if (!bytes) return strange_answer("eth_call");
  return *std::move(bytes);
}

Outcome<bool> NodeClient::send(ByteView wire) {
  const auto answer =
      rpc_.call("eth_sendRawTransaction", with_params({json_text(hex::encode_prefixed(wire))}));
  if (answer || answer.error().message == "already known") return true;
  const std::string& refusal = answer.error().message;
  if (refusal.starts_with("nonce too low") || refusal.starts_with("replacement transaction underpriced"))
    return false;
  return fail(explain(answer.error()));
}

Outcome<std::optional<MinedReceipt>> NodeClient::receipt(const Hash& transaction) {
  AITBC_ASSIGN(const Json answer, call("eth_getTransactionReceipt",
                                       with_params({json_text(hex::encode_prefixed(transaction))})));
  if (answer.is_null()) return std::optional<MinedReceipt>{};
  const auto status = answer["status"].u64();
  const auto block = answer["blockNumber"].u64();
  const auto gas_used = answer["gasUsed"].u64();
  const auto price = answer["effectiveGasPrice"].number();
  const auto price_amount = price ? to_amount(*price) : std::nullopt;
  if (!status || !block || !gas_used || !price_amount) return strange_answer("eth_getTransactionReceipt");
  return MinedReceipt{*status == 1, *block, *gas_used, *price_amount, answer};
}

}  // namespace aitbc::cli
