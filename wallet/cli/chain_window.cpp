#include "wallet/cli/chain_window.hpp"

#include <algorithm>

#include "codec/hex.hpp"

namespace aitbc::cli {
namespace {

Outcome<SampledBlock> block_at(NodeClient& node, Height height) {
  AITBC_ASSIGN(const Json block,
               node.call("eth_getBlockByNumber", json_array({json_text(hex::quantity(height)), "false"})));
  SampledBlock out;
  out.number = height;
  out.timestamp = block["timestamp"].u64().value_or(0);
  out.transactions = block["transactions"].size();
  out.gas_used = block["gasUsed"].u64().value_or(0);
  out.gas_limit = block["gasLimit"].u64().value_or(0);
  out.proposer = block["miner"].text();
  return out;
}

}  // namespace

Outcome<BlockWindow> blocks_since(NodeClient& node, const TimeRange& range) {
  AITBC_ASSIGN(const Height head, node.head());
  Height low = 0;
  Height high = head;
  while (low < high) {
    const Height middle = low + (high - low) / 2;
    AITBC_ASSIGN(const SampledBlock block, block_at(node, middle));
    if (block.timestamp >= range.from)
      high = middle;
    else
      low = middle + 1;
  }
  return BlockWindow{low, head};
}

Outcome<std::vector<SampledBlock>> sample_blocks(NodeClient& node, const BlockWindow& window,
                                                 std::size_t limit) {
  const Height first = window.last - std::min<Height>(window.count(), limit) + 1;
  std::vector<SampledBlock> out;
  for (Height height = first; height <= window.last; ++height) {
    AITBC_ASSIGN(const SampledBlock block, block_at(node, height));
    out.push_back(block);
  }
  return out;
}

}  // namespace aitbc::cli
