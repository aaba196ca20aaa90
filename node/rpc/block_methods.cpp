// Blocks and their receipts: eth_getBlockByNumber and the like.
#include "node/rpc/block_ref.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/render.hpp"
#include "node/rpc/schemas.hpp"

namespace aitbc::rpc {
namespace {

// A header with its hash, both known to exist.
struct FoundBlock {
  Header header;
  chain::BlockMeta meta;
};

// nullopt: no such block.
Result<std::optional<FoundBlock>> find(const chain::ChainView& view, const BlockRef& block) {
  AITBC_ASSIGN(const auto height, resolve(view, block));
  if (!height) return std::nullopt;
  AITBC_ASSIGN(auto header, chain::read_header(*view.snapshot, *height));
  AITBC_ASSIGN(auto meta, chain::read_block_meta(*view.snapshot, *height));
  if (!header || !meta)
    return fail(ErrorCode::corruption, "block " + std::to_string(*height) + " is incomplete");
  return FoundBlock{std::move(*header), std::move(*meta)};
}

BlockRef by_hash(const Hash& hash) { return {BlockRef::Kind::hash, 0, hash}; }

RpcResult<void> write_transactions(Call& call, const chain::ChainView& view, const FoundBlock& block,
                                   bool in_full) {
  const Height height = block.header.number;
  const auto write_all = [&call](const auto& items, auto&& write) -> RpcResult<void> {
    call.out.key("transactions").begin_array();
    for (std::uint32_t i = 0; i < items.size(); ++i) {
      write(items[i], i);
      if (call.too_large()) return rpc_fail(kResponseTooLarge, "response too large");
    }
    call.out.end_array();
    return {};
  };
  if (!in_full) {
    RPC_ASSIGN(const auto hashes, chain::read_transaction_hashes(*view.snapshot, height));
    return write_all(hashes, [&](const Hash& hash, std::uint32_t) { call.out.data(hash); });
  }
  RPC_ASSIGN(const auto transactions, chain::read_transactions(*view.snapshot, height));
  const BlockPlace place = place_of(block.header, block.meta.hash);
  return write_all(transactions, [&](const TransactionPtr& transaction, std::uint32_t i) {
    write_transaction(call.out, *transaction, &place, i);
  });
}

RpcResult<void> get_block(Call& call, const Backend& backend, const BlockRef& block, bool in_full) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const auto found, find(*view, block));
  if (!found) {
    call.out.null();
    return {};
  }
  call.out.begin_object();
  write_block_members(call.out, found->header, found->meta.hash,
                      {found->meta.size_bytes, backend.chain.genesis_header().difficulty});
  RPC_TRY(write_transactions(call, *view, *found, in_full));
  call.out.end_object();
  return {};
}

RpcResult<void> get_transaction_count(Call& call, const Backend& backend, const BlockRef& block) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const auto found, find(*view, block));
  if (found)
    call.out.quantity(std::uint64_t{found->meta.transaction_count});
  else
    call.out.null();
  return {};
}

// The receipts of the block's transactions; that of its end-of-block work belongs to none.
RpcResult<void> get_block_receipts(Call& call, const Backend& backend, const BlockRef& block) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const auto found, find(*view, block));
  if (!found) {
    call.out.null();
    return {};
  }
  const Height height = found->header.number;
  RPC_ASSIGN(const auto transactions, chain::read_transactions(*view->snapshot, height));
  RPC_ASSIGN(const auto receipts, chain::read_receipts(*view->snapshot, height));
  const BlockPlace place = place_of(found->header, found->meta.hash);
  call.out.begin_array();
  for (std::uint32_t i = 0; i < transactions.size(); ++i) {
    const RecoveredTransaction& transaction = *transactions[i];
    write_receipt(call.out, receipts.at(i),
                  {transaction.hash, i, transaction.sender, transaction.transaction.to}, place);
    if (call.too_large()) return rpc_fail(kResponseTooLarge, "response too large");
  }
  call.out.end_array();
  return {};
}

// Blocks of this chain have no uncles: 0 for those that exist, null for others.
RpcResult<void> get_uncle_count(Call& call, const Backend& backend, const BlockRef& block) {
  RPC_ASSIGN(const auto height, resolve(*backend.chain.view(), block));
  if (height)
    call.out.quantity(std::uint64_t{0});
  else
    call.out.null();
  return {};
}

void register_counts(Registry& registry, const Backend& backend) {
  registry.add(
      {"eth_getBlockTransactionCountByNumber",
       "How many transactions a block has",
       {"block"},
       schema::kQuantityOrNull},
      [&backend](Call& call, BlockRef block) { return get_transaction_count(call, backend, block); });
  registry.add(
      {"eth_getBlockTransactionCountByHash",
       "How many transactions a block has",
       {"blockHash"},
       schema::kQuantityOrNull},
      [&backend](Call& call, Hash hash) { return get_transaction_count(call, backend, by_hash(hash)); });
  registry.add({"eth_getUncleCountByBlockNumber",
                "0: blocks of this chain have no uncles",
                {"block"},
                schema::kQuantityOrNull},
               [&backend](Call& call, BlockRef block) { return get_uncle_count(call, backend, block); });
  registry.add({"eth_getUncleCountByBlockHash",
                "0: blocks of this chain have no uncles",
                {"blockHash"},
                schema::kQuantityOrNull},
               [&backend](Call& call, Hash hash) { return get_uncle_count(call, backend, by_hash(hash)); });
  registry.add({"eth_getUncleByBlockNumberAndIndex",
                "null: blocks of this chain have no uncles",
                {"block", "index"},
                schema::kAny},
               [](Call& call, BlockRef, std::uint64_t) -> RpcResult<void> {
                 call.out.null();
                 return {};
               });
  registry.add({"eth_getUncleByBlockHashAndIndex",
                "null: blocks of this chain have no uncles",
                {"blockHash", "index"},
                schema::kAny},
               [](Call& call, Hash, std::uint64_t) -> RpcResult<void> {
                 call.out.null();
                 return {};
               });
}

}  // namespace

void register_block_methods(Registry& registry, const Backend& backend) {
  registry.add({"eth_blockNumber", "The height of the newest block", {}, schema::kQuantity},
               [&backend](Call& call) -> RpcResult<void> {
                 call.out.quantity(backend.chain.view()->head.number);
                 return {};
               });
  registry.add({"eth_getBlockByNumber",
                "A block, with its transactions in full or their hashes",
                {"block", "fullTransactions"},
                schema::kBlock},
               [&backend](Call& call, BlockRef block, std::optional<bool> in_full) {
                 return get_block(call, backend, block, in_full.value_or(false));
               });
  registry.add({"eth_getBlockByHash",
                "A block, with its transactions in full or their hashes",
                {"blockHash", "fullTransactions"},
                schema::kBlock},
               [&backend](Call& call, Hash hash, std::optional<bool> in_full) {
                 return get_block(call, backend, by_hash(hash), in_full.value_or(false));
               });
  registry.add(
      {"eth_getBlockReceipts", "The receipts of all transactions of a block", {"block"}, schema::kReceipts},
      [&backend](Call& call, BlockRef block) { return get_block_receipts(call, backend, block); });
  register_counts(registry, backend);
}

}  // namespace aitbc::rpc
