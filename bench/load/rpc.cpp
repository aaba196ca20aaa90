#include "load/rpc.hpp"

#include <boost/json.hpp>

#include "codec/hex.hpp"
#include "load/scan.hpp"

namespace aitbc::bench {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kDefaultPriorityFee = 1'000'000'000;

tl::unexpected<Error> unexpected_answer(std::string_view body) {
  return fail(ErrorCode::unavailable,
              "not a JSON-RPC server? It answered: " + std::string(body.substr(0, 200)));
}

// The object's result, or the server's error.
Result<json::value> result_of(const json::value& answer, const std::string& method) {
  const json::object* object = answer.if_object();
  if (object == nullptr) return unexpected_answer(json::serialize(answer));
  if (const json::value* result = object->if_contains("result")) return *result;
  if (!object->contains("error")) return unexpected_answer(json::serialize(answer));
  return fail(ErrorCode::invalid_input, method + ": " + first_error(json::serialize(answer)));
}

Result<json::value> parse(std::string_view body) {
  boost::system::error_code error;
  json::value value = json::parse(body, error);
  if (error) return unexpected_answer(body);
  return value;
}

Result<Uint256> quantity_of(const json::value& answer, const std::string& method) {
  AITBC_ASSIGN(const json::value result, result_of(answer, method));
  const json::string* text = result.if_string();
  if (text == nullptr) return fail(ErrorCode::unavailable, method + ": the result is not a quantity");
  return hex::parse_quantity(std::string_view(*text));
}

// Answers of a batch may come in any order.
Result<std::vector<Uint256>> quantities_of(const json::value& answer, std::span<const RpcCall> calls) {
  const json::array* answers = answer.if_array();
  if (answers == nullptr) {
    AITBC_TRY(result_of(answer, calls[0].method));
    return fail(ErrorCode::unavailable, "the server does not answer batches");
  }
  std::vector<Uint256> out(calls.size());
  std::size_t answered = 0;
  for (const json::value& item : *answers) {
    const json::object* object = item.if_object();
    const json::value* id = object == nullptr ? nullptr : object->if_contains("id");
    if (id == nullptr || !id->is_int64()) return unexpected_answer(json::serialize(item));
    const auto index = static_cast<std::size_t>(id->as_int64());
    if (index >= calls.size()) return unexpected_answer(json::serialize(item));
    AITBC_ASSIGN(out[index], quantity_of(item, calls[index].method));
    ++answered;
  }
  if (answered != calls.size()) return fail(ErrorCode::unavailable, "a batch was answered in part only");
  return out;
}

Result<Uint256> base_fee_of(const json::value& answer) {
  AITBC_ASSIGN(const json::value block, result_of(answer, "eth_getBlockByNumber"));
  const json::object* object = block.if_object();
  if (object == nullptr) return fail(ErrorCode::unavailable, "the server has no latest block");
  const json::value* fee = object->if_contains("baseFeePerGas");
  if (fee == nullptr || !fee->is_string()) return Uint256();
  return hex::parse_quantity(std::string_view(fee->as_string()));
}

}  // namespace

std::string call_text(const RpcCall& call, std::size_t id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + call.method +
         R"(","params":)" + call.params + "}";
}

std::string batch_text(std::span<const RpcCall> calls) {
  std::string out = "[";
  for (std::size_t i = 0; i < calls.size(); ++i) out += (i == 0 ? "" : ",") + call_text(calls[i], i);
  return out + "]";
}

Result<Rpc> Rpc::connect(const Endpoint& endpoint, std::chrono::milliseconds timeout) {
  AITBC_ASSIGN(auto loop, HttpLoop::connect(endpoint, 1, timeout));
  return Rpc(endpoint, std::move(loop));
}

Result<std::string> Rpc::exchange(std::string_view body) {
  const std::string request = make_request(endpoint_, body);
  Result<std::string> answer = fail(ErrorCode::unavailable, "no answer");
  loop_->send(0, request, [&](Result<std::string_view> received) {
    answer = received.map([](std::string_view text) { return std::string(text); });
  });
  loop_->run();
  return answer;
}

Result<Uint256> Rpc::quantity(const RpcCall& call) {
  AITBC_ASSIGN(const std::string body, exchange(call_text(call, 0)));
  AITBC_ASSIGN(const json::value answer, parse(body));
  return quantity_of(answer, call.method);
}

Result<std::string> Rpc::result(const RpcCall& call) {
  AITBC_ASSIGN(const std::string body, exchange(call_text(call, 0)));
  AITBC_ASSIGN(const json::value answer, parse(body));
  AITBC_ASSIGN(const json::value value, result_of(answer, call.method));
  return json::serialize(value);
}

Result<std::vector<Uint256>> Rpc::quantities(std::span<const RpcCall> calls, std::size_t batch) {
  std::vector<Uint256> out;
  for (std::size_t first = 0; first < calls.size(); first += batch) {
    const auto part = calls.subspan(first, std::min(batch, calls.size() - first));
    AITBC_ASSIGN(const std::string body, exchange(batch_text(part)));
    AITBC_ASSIGN(const json::value answer, parse(body));
    AITBC_ASSIGN(const std::vector<Uint256> values, quantities_of(answer, part));
    out.insert(out.end(), values.begin(), values.end());
  }
  return out;
}

Result<ChainInfo> Rpc::chain_info() {
  ChainInfo out;
  AITBC_ASSIGN(const Uint256 chain_id, quantity({"eth_chainId", "[]"}));
  if (!chain_id.fits_u64()) return fail(ErrorCode::unsupported, "the chain id is larger than 64 bits");
  out.chain_id = chain_id.low_u64();
  AITBC_ASSIGN(const std::string body,
               exchange(call_text({"eth_getBlockByNumber", R"(["latest",false])"}, 0)));
  AITBC_ASSIGN(const json::value answer, parse(body));
  AITBC_ASSIGN(out.base_fee, base_fee_of(answer));
  out.priority_fee = quantity({"eth_maxPriorityFeePerGas", "[]"}).value_or(Uint256(kDefaultPriorityFee));
  return out;
}

Result<void> Rpc::send_transactions(std::span<const std::string> raw, std::size_t batch) {
  for (std::size_t first = 0; first < raw.size(); first += batch) {
    std::vector<RpcCall> calls;
    for (std::size_t i = first; i < std::min(first + batch, raw.size()); ++i)
      calls.push_back({"eth_sendRawTransaction", "[\"" + raw[i] + "\"]"});
    AITBC_ASSIGN(const std::string body, exchange(batch_text(calls)));
    if (count_results(body) != calls.size())
      return fail(ErrorCode::invalid_input, "eth_sendRawTransaction: " + first_error(body));
  }
  return {};
}

}  // namespace aitbc::bench
