// Transactions: sending them, finding them and their receipts.
#include "node/rpc/block_ref.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/render.hpp"
#include "node/rpc/schemas.hpp"

namespace aitbc::rpc {
namespace {

// A transaction, or the stand-in for end-of-block work, that a block includes.
struct Included {
  chain::TransactionLocation location;
  BlockPlace place;
  TransactionPtr transaction;  // null: the stand-in
};

// Precondition: the block exists. nullopt: it has no such index.
Result<std::optional<Included>> read_included(const chain::ChainView& view,
                                              chain::TransactionLocation location) {
  AITBC_ASSIGN(const auto header, chain::read_header(*view.snapshot, location.height));
  AITBC_ASSIGN(const auto meta, chain::read_block_meta(*view.snapshot, location.height));
  if (!header || !meta) return fail(ErrorCode::corruption, "a transaction without its block");
  if (location.index >= meta->receipt_count) return std::nullopt;
  Included out{location, place_of(*header, meta->hash), nullptr};
  if (location.index < meta->transaction_count) {
    AITBC_ASSIGN(out.transaction, chain::read_transaction(*view.snapshot, location));
    if (out.transaction == nullptr)
      return fail(ErrorCode::corruption, "a block lacks one of its transactions");
  }
  return out;
}

Result<std::optional<Included>> find_included(const chain::ChainView& view, const Hash& hash) {
  AITBC_ASSIGN(const auto location, chain::find_transaction(*view.snapshot, hash));
  if (!location) return std::nullopt;
  return read_included(view, *location);
}

Result<chain::StoredReceipt> receipt_of(const chain::ChainView& view, const Included& included) {
  AITBC_ASSIGN(auto receipt, chain::read_receipt(*view.snapshot, included.location));
  if (!receipt) return fail(ErrorCode::corruption, "a transaction without its receipt");
  return std::move(*receipt);
}

// End-of-block work is done by the contract that logged it.
Address worker_of(const chain::StoredReceipt& receipt) {
  return receipt.receipt.logs.empty() ? Address{} : receipt.receipt.logs.front().address;
}

RpcResult<void> write_included(JsonWriter& out, const chain::ChainView& view, const Included& included) {
  if (included.transaction != nullptr) {
    write_transaction(out, *included.transaction, &included.place, included.location.index);
    return {};
  }
  RPC_ASSIGN(const chain::StoredReceipt receipt, receipt_of(view, included));
  write_system_transaction(out, included.place, included.location.index, worker_of(receipt));
  return {};
}

RpcResult<void> get_by_hash(Call& call, const Backend& backend, const Hash& hash) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const auto included, find_included(*view, hash));
  if (included) return write_included(call.out, *view, *included);
  if (const TransactionPtr pooled = backend.mempool.find(hash)) {
    write_transaction(call.out, *pooled, nullptr, 0);
    return {};
  }
  // It may have moved from the pool to a block between the two looks.
  const chain::ChainViewPtr newer = backend.chain.view();
  RPC_ASSIGN(const auto just_included, find_included(*newer, hash));
  if (just_included) return write_included(call.out, *newer, *just_included);
  call.out.null();
  return {};
}

RpcResult<void> get_by_index(Call& call, const Backend& backend, const BlockRef& block, std::uint64_t index) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const auto height, resolve(*view, block));
  std::optional<Included> found;
  if (height && index <= std::numeric_limits<std::uint32_t>::max()) {
    RPC_ASSIGN(found, read_included(*view, {*height, static_cast<std::uint32_t>(index)}));
  }
  if (found && found->transaction != nullptr) return write_included(call.out, *view, *found);
  call.out.null();
  return {};
}

RpcResult<void> get_receipt(Call& call, const Backend& backend, const Hash& hash) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const auto included, find_included(*view, hash));
  if (!included) {
    call.out.null();
    return {};
  }
  RPC_ASSIGN(const chain::StoredReceipt receipt, receipt_of(*view, *included));
  ReceiptSubject subject{hash, included->location.index, {}, {}};
  if (included->transaction != nullptr) {
    subject.from = included->transaction->sender;
    subject.to = included->transaction->transaction.to;
  } else {
    subject.to = worker_of(receipt);
  }
  write_receipt(call.out, receipt, subject, included->place);
  return {};
}

RpcResult<TransactionPtr> decode_sent(Json argument) {
  const auto wire = parse_data(argument);
  if (!wire) return rpc_fail(invalid_argument(0, wire.error()));
  RPC_ASSIGN(TransactionPtr transaction, recover_transaction(*wire));
  if (!transaction->transaction.chain_id)
    return rpc_fail(kServerError, "only replay-protected (EIP-155) transactions allowed over RPC");
  return transaction;
}

// All transactions of one batch go to the pool together: one synced write acknowledges them all.
void send_all(const Backend& backend, std::span<GroupCall> calls) {
  std::vector<TransactionPtr> transactions;
  std::vector<GroupCall*> waiting;
  for (GroupCall& call : calls) {
    auto decoded = decode_sent(call.arguments[0]);
    if (!decoded) {
      call.result = rpc_fail(std::move(decoded).error());
      continue;
    }
    transactions.push_back(std::move(*decoded));
    waiting.push_back(&call);
  }
  if (transactions.empty()) return;
  std::vector<Result<void>> admitted = backend.mempool.add(transactions, backend.now());
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (!admitted[i]) {
      // Over the limits of the pool or not: to go-ethereum's clients it is -32000 with the reason in words.
      const int code = is_local_failure(admitted[i].error()) ? kInternalError : kServerError;
      waiting[i]->result = rpc_fail(code, std::move(admitted[i]).error().message);
      continue;
    }
    std::string text;
    JsonWriter(text).data(transactions[i]->hash);
    waiting[i]->result = std::move(text);
  }
}

Method send_method(const Backend& backend) {
  Method method;
  method.info = {"eth_sendRawTransaction",
                 "Takes a signed transaction into the pool; answers with its hash once it is on disk",
                 {describe_param<Bytes>("transaction")},
                 std::string(schema::kHash)};
  method.handle_group = [&backend](std::span<GroupCall> calls) { send_all(backend, calls); };
  method.handle = [&backend](Call& call, std::span<const Json> arguments) -> RpcResult<void> {
    GroupCall single{arguments, std::string()};
    send_all(backend, {&single, 1});
    RPC_ASSIGN(const std::string hash, std::move(single.result));
    call.out.raw(hash);
    return {};
  };
  return method;
}

}  // namespace

void register_transaction_methods(Registry& registry, const Backend& backend) {
  registry.add(send_method(backend));
  registry.add({"eth_getTransactionByHash",
                "A transaction, in a block or in the pool",
                {"hash"},
                schema::kTransaction},
               [&backend](Call& call, Hash hash) { return get_by_hash(call, backend, hash); });
  registry.add({"eth_getTransactionByBlockNumberAndIndex",
                "A transaction by its place",
                {"block", "index"},
                schema::kTransaction},
               [&backend](Call& call, BlockRef block, std::uint64_t index) {
                 return get_by_index(call, backend, block, index);
               });
  registry.add({"eth_getTransactionByBlockHashAndIndex",
                "A transaction by its place",
                {"blockHash", "index"},
                schema::kTransaction},
               [&backend](Call& call, Hash hash, std::uint64_t index) {
                 return get_by_index(call, backend, {BlockRef::Kind::hash, 0, hash}, index);
               });
  registry.add({"eth_getTransactionReceipt",
                "What became of a transaction; null until it is in a block",
                {"hash"},
                schema::kReceipt},
               [&backend](Call& call, Hash hash) { return get_receipt(call, backend, hash); });
}

}  // namespace aitbc::rpc
