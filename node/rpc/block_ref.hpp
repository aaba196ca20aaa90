// Which block a call is about: a number, a tag, or an EIP-1898 object.
#pragma once

#include <memory>
#include <optional>

#include "execution/state_view.hpp"
#include "node/chain/chain.hpp"
#include "node/rpc/error.hpp"
#include "node/rpc/param.hpp"

namespace aitbc::rpc {

// safe and finalized are latest here, since a committed block is final.
struct BlockRef {
  enum class Kind { latest, earliest, pending, number, hash };
  Kind kind = Kind::latest;
  Height number = 0;
  Hash hash;
};
Result<BlockRef> parse_block_ref(Json json);
AITBC_RPC_PARAM(BlockRef, parse_block_ref, R"({"$ref":"#/components/schemas/BlockReference"})");

// The height meant; pending is the head. nullopt: there is no such block.
Result<std::optional<Height>> resolve(const chain::ChainView& view, const BlockRef& block);
// As resolve(), and "header not found" when there is none.
RpcResult<Height> resolve_existing(const chain::ChainView& view, const BlockRef& block);
// The state after that block; fails when its history was pruned.
RpcResult<std::shared_ptr<const StateView>> state_after(const chain::ChainView& view, const BlockRef& block);

}  // namespace aitbc::rpc
