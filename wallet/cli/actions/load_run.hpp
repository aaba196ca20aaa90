// Real transactions in numbers, and how the chain takes them.
#pragma once

#include "crypto/secp256k1.hpp"
#include "wallet/cli/context.hpp"
#include "wallet/cli/statistics.hpp"

namespace aitbc::cli {

struct LoadPlan {
  std::uint64_t count = 0;
  std::size_t most_in_flight = 50;  // sent and not yet in a block
  double per_second = 0;            // 0: as fast as that allows
  // The call of the i-th transaction.
  std::function<Outcome<CallRequest>(std::uint64_t i)> call;
};

struct LoadReport {
  std::uint64_t sent = 0;
  std::uint64_t included = 0;
  std::uint64_t reverted = 0;
  double seconds = 0;  // from the first sent to the last included
  Samples latency_s;   // from being sent to being seen in a block
  std::vector<Json> receipts;
};

// All from one account, with one nonce after the other. Fails when the node refuses one, or when those that
// were sent are not included within two minutes.
Outcome<LoadReport> run_load(Context& context, const PrivateKey& key, const LoadPlan& plan,
                             const std::string& what);
Record describe(const LoadReport& report);

}  // namespace aitbc::cli
