// The transaction-like object of eth_call and eth_estimateGas.
#pragma once

#include <optional>

#include "node/rpc/param.hpp"
#include "types/transaction.hpp"

namespace aitbc::rpc {

struct CallObject {
  Address from;  // the zero address when absent
  std::optional<Address> to;
  std::optional<Gas> gas;
  Uint256 fee_cap;  // gasPrice or maxFeePerGas; zero: the caller's balance for gas is not looked at
  Uint256 value;
  Bytes data;
  AccessList access_list;
};
// Unknown members are ignored, as libraries send many.
Result<CallObject> parse_call_object(Json json);
AITBC_RPC_PARAM(CallObject, parse_call_object, R"({"$ref":"#/components/schemas/CallObject"})");

}  // namespace aitbc::rpc
