// debug_: blocks, receipts and transactions in their binary form.
#include "node/rpc/block_ref.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/schemas.hpp"

namespace aitbc::rpc {
namespace {

// In the hashed form, like every header that the node shows: keccak256 of it is the block's hash.
RpcResult<void> raw_header(Call& call, const Backend& backend, const BlockRef& block) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const Height height, resolve_existing(*view, block));
  RPC_ASSIGN(const auto header, chain::read_header(*view->snapshot, height));
  if (!header) return rpc_fail(kServerError, "header not found");
  call.out.data(encode(*header));
  return {};
}

RpcResult<void> raw_block(Call& call, const Backend& backend, const BlockRef& reference) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const Height height, resolve_existing(*view, reference));
  RPC_ASSIGN(const auto block, chain::read_block(*view->snapshot, height));
  if (!block) return rpc_fail(kServerError, "block not found");
  call.out.data(encode(*block));
  return {};
}

// All that the receipts root commits to, that of end-of-block work included.
RpcResult<void> raw_receipts(Call& call, const Backend& backend, const BlockRef& block) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const Height height, resolve_existing(*view, block));
  RPC_ASSIGN(const auto receipts, chain::read_receipts(*view->snapshot, height));
  call.out.begin_array();
  for (const chain::StoredReceipt& stored : receipts) call.out.data(encode(stored.receipt));
  call.out.end_array();
  return {};
}

RpcResult<void> raw_transaction(Call& call, const Backend& backend, const Hash& hash) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const auto location, chain::find_transaction(*view->snapshot, hash));
  TransactionPtr transaction = location ? nullptr : backend.mempool.find(hash);
  if (location) {
    RPC_ASSIGN(transaction, chain::read_transaction(*view->snapshot, *location));
  }
  // Unknown, or a stand-in that has no wire form.
  call.out.data(transaction ? ByteView(transaction->wire) : ByteView{});
  return {};
}

}  // namespace

void register_debug_methods(Registry& registry, const Backend& backend) {
  registry.add({"debug_getRawHeader", "A header in RLP", {"block"}, schema::kData},
               [&backend](Call& call, BlockRef block) { return raw_header(call, backend, block); });
  registry.add({"debug_getRawBlock", "A block in RLP", {"block"}, schema::kData},
               [&backend](Call& call, BlockRef block) { return raw_block(call, backend, block); });
  registry.add(
      {"debug_getRawReceipts", "A block's receipts in their consensus form", {"block"}, schema::kArray},
      [&backend](Call& call, BlockRef block) { return raw_receipts(call, backend, block); });
  registry.add(
      {"debug_getRawTransaction", "A transaction as it was sent; 0x when unknown", {"hash"}, schema::kData},
      [&backend](Call& call, Hash hash) { return raw_transaction(call, backend, hash); });
}

}  // namespace aitbc::rpc
