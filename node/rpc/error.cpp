#include "node/rpc/error.hpp"

namespace aitbc::rpc {
namespace {

int code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::limit:
      return kLimitExceeded;
    case ErrorCode::io:
    case ErrorCode::corruption:
      return kInternalError;
    case ErrorCode::invalid_input:
    case ErrorCode::not_found:
    case ErrorCode::conflict:
    case ErrorCode::invalid_block:
    case ErrorCode::unsupported:
    case ErrorCode::unavailable:
      return kServerError;
  }
  return kInternalError;
}

}  // namespace

tl::unexpected<RpcError> rpc_fail(Error error) {
  return rpc_fail(code_of(error.code), std::move(error.message));
}

}  // namespace aitbc::rpc
