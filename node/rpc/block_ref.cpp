#include "node/rpc/block_ref.hpp"

#include "node/chain/history.hpp"

namespace aitbc::rpc {
namespace {

Result<BlockRef> parse_by_number(Json json) {
  AITBC_ASSIGN(const std::uint64_t number, parse_quantity(json));
  return BlockRef{BlockRef::Kind::number, number, {}};
}

Result<BlockRef> parse_by_hash(Json json) {
  AITBC_ASSIGN(const Hash hash, parse_hash(json));
  return BlockRef{BlockRef::Kind::hash, 0, hash};
}

// EIP-1898
Result<BlockRef> parse_object(Json json) {
  const Json number = json.find("blockNumber");
  const Json hash = json.find("blockHash");
  if (!number.is_null() && !hash.is_null())
    return fail(ErrorCode::invalid_input,
                "cannot specify both BlockHash and BlockNumber, choose one or the other");
  if (!hash.is_null()) return parse_by_hash(hash);
  if (!number.is_null())
    return number.is_object() ? fail(ErrorCode::invalid_input, "invalid block number")
                              : parse_block_ref(number);
  return fail(ErrorCode::invalid_input, "a block object needs blockNumber or blockHash");
}

}  // namespace

Result<BlockRef> parse_block_ref(Json json) {
  if (json.is_object()) return parse_object(json);
  if (!json.is_string()) return fail(ErrorCode::invalid_input, "a block number, tag or hash is expected");
  const std::string_view text = json.string();
  if (text == "latest" || text == "safe" || text == "finalized") return BlockRef{};
  if (text == "earliest") return BlockRef{BlockRef::Kind::earliest, 0, {}};
  if (text == "pending") return BlockRef{BlockRef::Kind::pending, 0, {}};
  constexpr std::size_t kHashDigits = 2 + 2 * Hash::kSize;
  return text.size() == kHashDigits ? parse_by_hash(json) : parse_by_number(json);
}

Result<std::optional<Height>> resolve(const chain::ChainView& view, const BlockRef& block) {
  switch (block.kind) {
    case BlockRef::Kind::latest:
    case BlockRef::Kind::pending:
      return std::optional(view.head.number);
    case BlockRef::Kind::earliest:
      return std::optional<Height>(0);
    case BlockRef::Kind::number:
      return block.number <= view.head.number ? std::optional(block.number) : std::nullopt;
    case BlockRef::Kind::hash:
      return chain::find_block(*view.snapshot, block.hash);
  }
  return std::nullopt;
}

RpcResult<Height> resolve_existing(const chain::ChainView& view, const BlockRef& block) {
  RPC_ASSIGN(const auto height, resolve(view, block));
  if (height) return *height;
  return rpc_fail(kServerError,
                  block.kind == BlockRef::Kind::hash ? "header for hash not found" : "header not found");
}

RpcResult<std::shared_ptr<const StateView>> state_after(const chain::ChainView& view, const BlockRef& block) {
  RPC_ASSIGN(const Height height, resolve_existing(view, block));
  if (height == view.head.number) return view.state;
  RPC_ASSIGN(auto state, chain::state_at(view.snapshot, view.head.number, height));
  return state;
}

}  // namespace aitbc::rpc
