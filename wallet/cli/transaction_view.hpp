// Transactions as people read them.
#pragma once

#include <optional>

#include "types/receipt.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/cli/output.hpp"

namespace aitbc::cli {

// From eth_getTransactionByHash and eth_getTransactionReceipt (null while it is pending). Calls and events of
// the marketplace are decoded.
Record describe_transaction(const Json& transaction, const Json& receipt);

// A log as JSON-RPC gives it; nullopt when it is malformed.
std::optional<Log> read_log(const Json& document);

}  // namespace aitbc::cli
