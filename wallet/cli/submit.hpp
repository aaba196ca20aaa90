// Transactions from the command line: fees, signature, submission and the wait for the receipt.
#pragma once

#include <string>

#include "crypto/secp256k1.hpp"
#include "wallet/cli/context.hpp"

namespace CLI {
class App;
}

namespace aitbc::cli {

struct SubmitOptions {
  bool no_wait = false;
  double wait_seconds = 120;
  // In base units per unit of gas; empty: as the node suggests.
  std::string priority_fee;
  std::string max_fee;
};
void add_submit_options(CLI::App& command, SubmitOptions& options);

struct Submitted {
  Hash hash;
  std::optional<MinedReceipt> receipt;  // absent when it was not waited for
};

// Sends a call from the key's account and waits for its receipt. Prints "Transaction hash: 0x..." as soon as
// the node has it (text format). Fails before anything is sent when the call would revert or cannot be paid
// for; fails afterwards when it reverted or was not included in time.
Outcome<Submitted> submit(Context& context, const PrivateKey& key, CallRequest call,
                          const SubmitOptions& options);

// Why a call failed in a block, which a receipt does not tell: asked again on the state before the block, and
// if that would have let it pass, on the one after, which other transactions of the block made.
std::string revert_reason(NodeClient& node, const CallRequest& call, Height block);

// The transaction as members of a command's output: hash, block, fee.
Record describe(const Submitted& submitted);

}  // namespace aitbc::cli
