#include "wallet/cli/submit.hpp"

#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "wallet/cli/account_turn.hpp"
#include "wallet/cli/option_values.hpp"
#include "wallet/cli/progress.hpp"

namespace aitbc::cli {
namespace {

using std::chrono::milliseconds;

constexpr Gas kTransferGas = 21'000;
constexpr milliseconds kPollInterval{50};
constexpr int kMaxAttempts = 20;

Outcome<Fees> fees_for(NodeClient& node, const SubmitOptions& options) {
  AITBC_ASSIGN(Fees fees, node.suggested_fees());
  if (!options.priority_fee.empty()) {
    AITBC_ASSIGN(const Amount tip, parse_units(options.priority_fee));
    const auto base = checked_sub(fees.max_fee_per_gas, fees.priority_fee_per_gas);
    const auto most = checked_add(base.value_or(Amount{}), tip);
    if (!most) return failed(Exit::usage, "--priority-fee is too large");
    fees = {tip, *most};
  }
  if (!options.max_fee.empty()) {
    AITBC_ASSIGN(fees.max_fee_per_gas, parse_units(options.max_fee));
    fees.priority_fee_per_gas = std::min(fees.priority_fee_per_gas, fees.max_fee_per_gas);
  }
  return fees;
}

// Refuses what the account cannot pay, in terms of what to do about it.
Outcome<void> check_funds(NodeClient& node, const Address& account, Amount value, Gas gas, Amount max_fee) {
  AITBC_ASSIGN(const Amount balance, node.balance(account));
  const auto fee = checked_mul(max_fee, gas);
  const auto needed = fee ? checked_add(value, *fee) : std::nullopt;
  if (needed && *needed <= balance) return {};
  const std::string fee_text = fee ? "up to " + to_ait_string(*fee) + " AIT of fees" : "its fees";
  return failed(Exit::refused, hex::checksummed(account) + " has " + to_ait_string(balance) +
                                   " AIT, which does not cover " + to_ait_string(value) + " AIT and " +
                                   fee_text + ": send less, or fund it first");
}

struct Prepared {
  Transaction transaction;
  Hash hash;
};

Outcome<Prepared> prepare(NodeClient& node, const PrivateKey& key, const CallRequest& call,
                          const SubmitOptions& options) {
  Transaction out;
  out.type = TransactionType::dynamic_fee;
  AITBC_ASSIGN(out.chain_id, node.chain_id());
  AITBC_ASSIGN(const Fees fees, fees_for(node, options));
  out.gas_limit = kTransferGas;
  if (!call.data.empty()) {
    AITBC_ASSIGN(out.gas_limit, node.estimate_gas(call));
  }
  AITBC_TRY(check_funds(node, key.address(), call.value, out.gas_limit, fees.max_fee_per_gas));
  AITBC_ASSIGN(out.nonce, node.next_nonce(key.address()));
  out.max_priority_fee_per_gas = fees.priority_fee_per_gas.to_uint256();
  out.max_fee_per_gas = fees.max_fee_per_gas.to_uint256();
  out.to = call.to;
  out.value = call.value.to_uint256();
  out.data = call.data;
  sign_transaction(out, key);
  const Hash hash = transaction_hash(out);
  return Prepared{std::move(out), hash};
}

// Sends the call under the account's next nonce; again under the one after it when another machine took that
// meanwhile.
Outcome<Hash> send_next(Context& context, NodeClient& node, const PrivateKey& key, const CallRequest& call,
                        const SubmitOptions& options) {
  const auto turn = account_turn(context.wallets().folder(), key.address());
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    AITBC_ASSIGN(const Prepared prepared, prepare(node, key, call, options));
    AITBC_ASSIGN(const bool sent, node.send(encode(prepared.transaction)));
    if (sent) return prepared.hash;
    context.env.sleep(kPollInterval);
  }
  return failed(Exit::refused, "other programs keep taking the account's next nonce; nothing was sent");
}

Outcome<MinedReceipt> wait_for_receipt(Context& context, NodeClient& node, const Hash& hash,
                                       const SubmitOptions& options) {
  const std::string sent = "transaction " + hex::encode_prefixed(hash) + " was sent, but ";
  Progress progress(context);
  std::optional<Height> first;
  for (;;) {
    auto receipt = node.receipt(hash);
    if (!receipt) return failed(receipt.error().code, sent + receipt.error().message);
    if (*receipt) return **std::move(receipt);
    if (progress.seconds() >= options.wait_seconds)
      return failed(Exit::not_included, sent + "is in no block after " +
                                            std::to_string(static_cast<int>(options.wait_seconds)) +
                                            " s; look again with: aitbc tx " + hex::encode_prefixed(hash));
    if (progress.is_watched()) {
      const Height head = node.head().value_or(first.value_or(0));
      first = first.value_or(head);
      progress.show("waiting to be in a block; " + std::to_string(head - *first) + " blocks came without it");
    }
    context.env.sleep(kPollInterval);
  }
}

}  // namespace

void add_submit_options(CLI::App& command, SubmitOptions& options) {
  command.add_flag("--no-wait", options.no_wait, "Do not wait until the transaction is in a block");
  command.add_option("--wait", options.wait_seconds, "How long to wait for that, in seconds")
      ->check(CLI::Range(0.0, 86400.0))
      ->capture_default_str();
  command
      .add_option("--priority-fee", options.priority_fee,
                  "Tip to the block's proposer, in base units (10^-18 AIT) per unit of gas")
      ->check(units_fault);
  command.add_option("--max-fee", options.max_fee, "Most to pay, in base units per unit of gas")
      ->check(units_fault);
}

Outcome<Submitted> submit(Context& context, const PrivateKey& key, CallRequest call,
                          const SubmitOptions& options) {
  call.from = key.address();
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Hash hash, send_next(context, *node, key, call, options));
  Submitted out{hash, std::nullopt};
  Output output = context.output();
  if (!output.is_json()) output.line("Transaction hash: " + hex::encode_prefixed(out.hash));
  if (options.no_wait) return out;
  AITBC_ASSIGN(out.receipt, wait_for_receipt(context, *node, out.hash, options));
  if (!out.receipt->succeeded)
    return failed(Exit::refused, "the transaction is in block " + std::to_string(out.receipt->block) +
                                     " but failed: " + revert_reason(*node, call, out.receipt->block));
  return out;
}

std::string revert_reason(NodeClient& node, const CallRequest& call, Height block) {
  const Height before = block == 0 ? 0 : block - 1;
  for (const Height height : {before, block})
    if (const auto replay = node.view(call, hex::quantity(height)); !replay) return replay.error().message;
  return "another transaction of that block came before it";
}

Record describe(const Submitted& submitted) {
  Record out{{{"tx_hash", "Transaction hash"}, text_cell(hex::encode_prefixed(submitted.hash))}};
  if (!submitted.receipt) return out;
  out.push_back({{"block_number", "Block"}, number_cell(submitted.receipt->block)});
  const auto fee = checked_mul(submitted.receipt->gas_price, submitted.receipt->gas_used);
  out.push_back({{"gas_used", "Gas used"}, number_cell(submitted.receipt->gas_used)});
  if (fee) out.push_back({{"fee", "Fee"}, ait_cell(*fee)});
  return out;
}

}  // namespace aitbc::cli
