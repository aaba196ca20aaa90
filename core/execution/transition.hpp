// The state transition: from a state and a block's transactions to receipts and a StateDiff.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "execution/module.hpp"
#include "execution/state_diff.hpp"
#include "types/receipt.hpp"

namespace aitbc {

// Rules that hold for the whole chain, from genesis.
struct ChainRules {
  std::uint64_t chain_id = 0;
  Address treasury;                        // receives base fees
  bool zero_base_fee = false;              // the base fee stays 0
  Amount min_base_fee{7};                  // otherwise never below this
  std::uint64_t elasticity = 2;            // EIP-1559
  std::uint64_t base_fee_denominator = 8;  // EIP-1559
};

// Base fee of the child of a block (EIP-1559), clamped to min_base_fee; 0 under zero_base_fee.
Amount next_base_fee(const ChainRules& rules, Gas parent_gas_limit, Gas parent_gas_used,
                     Amount parent_base_fee);

// Why a transaction cannot be in this block. It has then changed nothing.
enum class Rejection {
  none,
  nonce_too_low,
  nonce_too_high,
  insufficient_funds,  // for gas * price + value
  fee_below_base_fee,
  tip_above_fee_cap,
  intrinsic_gas_too_low,
  gas_limit_exceeds_block,  // more gas than the block has left
  wrong_chain_id,           // or none at all: only replay-protected transactions (EIP-155) are accepted
  amount_too_large,         // a value or cost of more than 128 bits
  creation_unsupported,     // contract creation: there is no EVM
  local_failure,            // see BlockExecutor::failure()
};
// go-ethereum's words for it, which libraries match on.
const char* rejection_message(Rejection rejection);

struct BlockOutcome {
  // One per transaction; and one more (legacy type, succeeded, same cumulative gas) when end-of-block work
  // emitted logs: the system receipt, committed by the receipts root, of the block's pseudo-transaction
  // (system_transaction_hash).
  std::vector<Receipt> receipts;
  std::vector<Gas> gas_used;                // per transaction
  std::vector<Amount> effective_gas_price;  // per transaction
  Gas total_gas_used = 0;
  Bloom bloom;
  StateDiff diff;
};

// The hash under which a block's end-of-block logs and system receipt are found:
// keccak256("aitbc/end-of-block" || be64).
Hash system_transaction_hash(Height number);

// Executes one block, transaction by transaction, so that a proposer can leave out what does not fit. Not
// thread-safe.
class BlockExecutor {
 public:
  // Everything referred to must outlive the executor.
  BlockExecutor(const ChainRules& rules, const BlockContext& block, const StateView& parent, Modules modules);
  ~BlockExecutor();

  // Executes one. Rejection::none: its receipt is part of the outcome (succeeded or reverted). Fees: the
  // effective price on every unit of gas used; the tip's part goes to the coinbase, the base fee's part to
  // the treasury.
  Rejection apply(const RecoveredTransaction& transaction);
  Gas gas_left() const;
  const std::optional<Error>& failure() const;
  // End-of-block work (modules ascending by address), then the outcome. To be called once, last. Aborts when
  // the block made or destroyed money without mint() or burn().
  Result<BlockOutcome> finish() &&;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// All of them; invalid_block names the first transaction that cannot be there.
Result<BlockOutcome> execute(const ChainRules& rules, const BlockContext& block,
                             std::span<const TransactionPtr> transactions, const StateView& parent,
                             Modules modules);

// One call without a transaction (eth_call, eth_estimateGas): no nonce, fee or balance-for-gas checks.
struct SimulatedCall {
  Address from;
  std::optional<Address> to;
  Amount value;
  Bytes data;
  Gas gas_limit = 0;
  AccessList access_list;
};
struct SimulationResult {
  bool succeeded = false;
  Bytes output;      // return or revert data
  Gas gas_used = 0;  // intrinsic gas included
  Logs logs;
  // Why it could not even start (insufficient funds, intrinsic gas, no code to create), in go-ethereum's
  // words.
  std::optional<std::string> error;
};
Result<SimulationResult> simulate(const ChainRules& rules, const BlockContext& block,
                                  const SimulatedCall& call, const StateView& state, Modules modules);

}  // namespace aitbc
