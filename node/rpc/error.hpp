// Errors as JSON-RPC 2.0 answers them.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace aitbc::rpc {

inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
// EIP-1474 and go-ethereum
inline constexpr int kServerError = -32000;
inline constexpr int kResponseTooLarge = -32003;
inline constexpr int kLimitExceeded = -32005;
inline constexpr int kExecutionReverted = 3;

struct RpcError {
  int code = kServerError;
  std::string message;
  std::string data;  // JSON text; absent when empty
};

template <class T>
using RpcResult = tl::expected<T, RpcError>;

inline tl::unexpected<RpcError> rpc_fail(int code, std::string message, std::string data = {}) {
  return tl::unexpected<RpcError>(RpcError{code, std::move(message), std::move(data)});
}
inline tl::unexpected<RpcError> rpc_fail(RpcError error) {
  return tl::unexpected<RpcError>(std::move(error));
}
// A limit of this node is -32005, trouble of this machine -32603, everything else -32000.
tl::unexpected<RpcError> rpc_fail(Error error);

// As AITBC_TRY and AITBC_ASSIGN, in functions that return RpcResult; the expression may be a Result or
// RpcResult.
#define RPC_TRY(expression)                                             \
  do {                                                                  \
    if (auto rpc_try_result = (expression); !rpc_try_result)            \
      return ::aitbc::rpc::rpc_fail(std::move(rpc_try_result).error()); \
  } while (false)
#define RPC_ASSIGN(target, expression) \
  RPC_ASSIGN_IMPL(AITBC_CONCAT(rpc_result_, __LINE__), target, expression)
#define RPC_ASSIGN_IMPL(holder, target, expression)                      \
  auto holder = (expression);                                            \
  if (!holder) return ::aitbc::rpc::rpc_fail(std::move(holder).error()); \
  target = std::move(*holder)

}  // namespace aitbc::rpc
