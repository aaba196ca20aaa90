// Which logs a client wants: the filter object of eth_getLogs, eth_newFilter and eth_subscribe.
#pragma once

#include <optional>
#include <vector>

#include "node/chain/log_query.hpp"
#include "node/rpc/block_ref.hpp"

namespace aitbc::rpc {

struct LogCriteria {
  std::optional<BlockRef> from;
  std::optional<BlockRef> to;
  std::optional<Hash> block_hash;  // then without from and to
  std::vector<Address> addresses;
  std::vector<std::vector<Hash>> topics;  // at most 4

  // Addresses and topics only.
  chain::LogFilter over(Height first, Height last) const { return {first, last, addresses, topics}; }
};
Result<LogCriteria> parse_log_criteria(Json json);
AITBC_RPC_PARAM(LogCriteria, parse_log_criteria, R"({"$ref":"#/components/schemas/LogFilter"})");

// The blocks meant, ends included; both default to the head. nullopt: none that exists.
struct LogRange {
  Height first = 0;
  Height last = 0;
};
RpcResult<std::optional<LogRange>> resolve_range(const chain::ChainView& view, const LogCriteria& criteria);

}  // namespace aitbc::rpc
