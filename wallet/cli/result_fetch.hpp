// Results that are too large for the chain are at their provider, who gives them to the job's customer only.
#pragma once

#include <string>

#include "wallet/cli/context.hpp"
#include "wallet/cli/json.hpp"

namespace aitbc::cli {

struct FetchOptions {
  std::string wallet;   // the customer's
  std::string ca_file;  // of the authority behind the provider's certificate; empty: the system's
};

// The result of a completed job from its URI, signed for with the wallet and checked against the digest on
// the chain. `job` is as market_getJob gives it.
Outcome<Bytes> fetch_result(Context& context, const Json& job, const FetchOptions& options);

}  // namespace aitbc::cli
