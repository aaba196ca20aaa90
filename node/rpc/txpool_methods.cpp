// txpool_: what waits for a block.
#include "codec/hex.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/render.hpp"
#include "node/rpc/schemas.hpp"

namespace aitbc::rpc {
namespace {

using Transactions = std::vector<TransactionPtr>;
using WriteOne = void (*)(JsonWriter&, const RecoveredTransaction&);

void write_in_full(JsonWriter& out, const RecoveredTransaction& transaction) {
  write_transaction(out, transaction, nullptr, 0);
}

// "0x...: 1 wei + 21000 gas x 7 wei", as go-ethereum puts it.
void write_summary(JsonWriter& out, const RecoveredTransaction& recovered) {
  const Transaction& transaction = recovered.transaction;
  const std::string to = transaction.to ? hex::checksummed(*transaction.to) : "contract creation";
  out.text(to + ": " + transaction.value.to_decimal() + " wei + " + std::to_string(transaction.gas_limit) +
           " gas × " + transaction.max_fee_per_gas.to_decimal() + " wei");
}

RpcResult<void> write_by_nonce(Call& call, const Transactions& transactions, WriteOne write) {
  call.out.begin_object();
  for (const TransactionPtr& transaction : transactions) {
    call.out.key(std::to_string(transaction->transaction.nonce));
    write(call.out, *transaction);
    if (call.too_large())
      return rpc_fail(kResponseTooLarge, "response too large, ask for one sender with txpool_contentFrom");
  }
  call.out.end_object();
  return {};
}

RpcResult<void> write_pool(Call& call, const Backend& backend, WriteOne write) {
  const auto content = backend.mempool.content();
  call.out.begin_object();
  for (const bool pending : {true, false}) {
    call.out.key(pending ? "pending" : "queued").begin_object();
    for (const auto& [sender, all] : content) {
      const Transactions& transactions = pending ? all.pending : all.queued;
      if (transactions.empty()) continue;
      call.out.key(hex::checksummed(sender));
      RPC_TRY(write_by_nonce(call, transactions, write));
    }
    call.out.end_object();
  }
  call.out.end_object();
  return {};
}

}  // namespace

void register_txpool_methods(Registry& registry, const Backend& backend) {
  registry.add({"txpool_status",
                "How many transactions could go into the next block, and how many wait for others",
                {},
                schema::kObject},
               [&backend](Call& call) -> RpcResult<void> {
                 const MempoolStatus status = backend.mempool.status();
                 call.out.begin_object().key("pending").quantity(std::uint64_t{status.pending});
                 call.out.key("queued").quantity(std::uint64_t{status.queued}).end_object();
                 return {};
               });
  registry.add({"txpool_content", "The pool's transactions by sender and nonce", {}, schema::kObject},
               [&backend](Call& call) { return write_pool(call, backend, write_in_full); });
  registry.add(
      {"txpool_inspect", "The pool's transactions by sender and nonce, a line each", {}, schema::kObject},
      [&backend](Call& call) { return write_pool(call, backend, write_summary); });
  registry.add(
      {"txpool_contentFrom", "One sender's transactions in the pool, by nonce", {"address"}, schema::kObject},
      [&backend](Call& call, Address sender) -> RpcResult<void> {
        const auto content = backend.mempool.content_from(sender);
        call.out.begin_object().key("pending");
        RPC_TRY(write_by_nonce(call, content.pending, write_in_full));
        call.out.key("queued");
        RPC_TRY(write_by_nonce(call, content.queued, write_in_full));
        call.out.end_object();
        return {};
      });
}

}  // namespace aitbc::rpc
