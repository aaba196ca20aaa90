#include "codec/hex.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/cli/rpc_client.hpp"

namespace aitbc::cli {

tl::expected<std::string, RpcFailure> parse_rpc_response(std::string_view body) {
  const auto document = Json::parse(body);
  if (!document || !document->is_object())
    return tl::unexpected(RpcFailure{RpcFailure::Kind::unreachable, 0, "the answer is not JSON-RPC", {}});
  const Json error = (*document)["error"];
  if (error.is_null()) return (*document)["result"].dump();
  RpcFailure failure{RpcFailure::Kind::refused, 0, error["message"].text(), {}};
  const std::string code = error["code"].text();
  failure.code = std::atoi(code.c_str());
  if (const auto data = hex::decode(error["data"].text())) failure.data = *data;
  return tl::unexpected(std::move(failure));
}

}  // namespace aitbc::cli
