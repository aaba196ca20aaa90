// The pool of transactions that wait for a block: admission, order, replacement, limits, durability.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/amount.hpp"
#include "base/result.hpp"
#include "execution/state_view.hpp"
#include "execution/transition.hpp"
#include "mempool/candidates.hpp"
#include "storage/store.hpp"
#include "types/transaction.hpp"

namespace aitbc {

struct MempoolOptions {
  std::size_t max_transactions = 200'000;
  std::size_t max_bytes = 256U << 20;
  std::size_t max_transactions_per_sender = 16'384;
  std::size_t max_transaction_bytes = 128U << 10;
  std::size_t max_nonce_gap = 64;           // queued beyond the first missing nonce
  std::uint64_t replacement_percent = 10;   // both fees must rise by at least this
  Amount min_priority_fee;                  // a lower one is "transaction underpriced"
  std::chrono::seconds lifetime{3 * 3600};  // a transaction that found no block
};

// What admission is judged against.
struct MempoolHead {
  std::shared_ptr<const StateView> state;
  Amount next_base_fee;
  Gas gas_limit = 0;
};

struct MempoolStatus {
  std::size_t pending = 0;  // could go into the next block, as nonces go
  std::size_t queued = 0;   // behind a gap
  std::size_t bytes = 0;
};

// A block became final. `accounts` names every account it changed (StateDiff::accounts): the pool knows its
// senders' nonces and balances from there and reads no state for them.
struct CommittedBlock {
  MempoolHead head;
  std::span<const TransactionPtr> transactions;
  std::span<const AccountChange> accounts;
};

// Thread-safe. Times are handed in (Unix seconds).
class Mempool {
 public:
  // Loads what was acknowledged before; drops (also from disk) what has become invalid. The store must
  // outlive it.
  static Result<std::unique_ptr<Mempool>> open(Store& store, const ChainRules& rules,
                                               const MempoolOptions& options, MempoolHead head, Seconds now);
  ~Mempool();

  // Admits each or says why not, in go-ethereum's words ("nonce too low", "already known", "replacement
  // transaction underpriced", "insufficient funds for gas * price + value", "intrinsic gas too low", "txpool
  // is full", ...). When it returns, the admitted ones are durable: one synced write for all, shared with
  // other callers' writes.
  std::vector<Result<void>> add(std::span<const TransactionPtr> transactions, Seconds now);

  // Best first by tip, nonces of a sender in order; what comes to the pool later is left out. To be used by
  // one thread, and not beyond the pool's life.
  std::unique_ptr<CandidateSource> candidates(Amount base_fee) const;
  // The candidates whose gas limits together fit `gas`, and wire forms `bytes`.
  std::vector<TransactionPtr> select(Amount base_fee, Gas gas, std::size_t bytes) const;

  // Drops what the block included or made invalid and what is past its lifetime, and promotes what it made
  // executable. io when the disk did not take the removals: memory is right all the same. What a crash leaves
  // on the disk between the block's write and this one is dropped when the pool is opened.
  Result<void> committed(const CommittedBlock& block, Seconds now);

  TransactionPtr find(const Hash& hash) const;  // null when unknown
  // The sender's next nonce, its pooled transactions counted.
  Nonce next_nonce(const Address& sender) const;
  MempoolStatus status() const;
  // Ascending by nonce. pending: executable in sequence; queued: behind a gap.
  struct SenderContent {
    std::vector<TransactionPtr> pending;
    std::vector<TransactionPtr> queued;
  };
  std::map<Address, SenderContent> content() const;
  SenderContent content_from(const Address& sender) const;
  std::uint64_t evictions() const;

  // Called after admission, outside locks, on the admitting thread, with the newly executable ones.
  void on_admitted(std::function<void(std::span<const TransactionPtr>)> listener);

  struct Impl;

 private:
  Mempool();
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc
