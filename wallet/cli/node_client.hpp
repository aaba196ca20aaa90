// What commands ask a node, typed.
#pragma once

#include <optional>
#include <string>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "types/transaction.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/cli/outcome.hpp"
#include "wallet/cli/rpc_client.hpp"

namespace aitbc::cli {

struct Fees {
  Amount priority_fee_per_gas;
  Amount max_fee_per_gas;
};

struct CallRequest {
  std::optional<Address> from;
  Address to;
  Amount value;
  Bytes data;
};

struct MinedReceipt {
  bool succeeded = false;
  Height block = 0;
  Gas gas_used = 0;
  Amount gas_price;
  Json document;
};

class NodeClient {
 public:
  // The client is connected already or connects by itself.
  explicit NodeClient(RpcClient& rpc) : rpc_(rpc) {}

  // The result of any method; `params` is a JSON array.
  Outcome<Json> call(std::string_view method, std::string_view params = "[]");

  Outcome<std::uint64_t> chain_id();
  Outcome<Height> head();
  Outcome<Amount> balance(const Address& account);
  Outcome<Nonce> next_nonce(const Address& account);      // counts what is pending
  Outcome<Nonce> included_nonce(const Address& account);  // of what is in blocks
  // The tip that recent blocks took and room for the base fee to double.
  Outcome<Fees> suggested_fees();
  // Fails with the contract's reason when the call would revert.
  Outcome<Gas> estimate_gas(const CallRequest& request);
  // Of an eth_call at a block ("latest", "0x10").
  Outcome<Bytes> view(const CallRequest& request, std::string_view block = "latest");
  // False when another transaction of the account has the nonce. Passes when the node knows this one already.
  Outcome<bool> send(ByteView wire);
  Outcome<std::optional<MinedReceipt>> receipt(const Hash& transaction);

 private:
  RpcClient& rpc_;
};

// "0x.." of calls and numbers, as JSON-RPC parameters have them.
std::string call_json(const CallRequest& request);
// A node's refusal as a sentence: a revert is decoded.
Failure explain(const RpcFailure& failure);

}  // namespace aitbc::cli
