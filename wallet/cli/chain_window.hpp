// The blocks of a stretch of time.
#pragma once

#include <vector>

#include "wallet/cli/node_client.hpp"
#include "wallet/cli/period.hpp"

namespace aitbc::cli {

struct BlockWindow {
  Height first = 0;
  Height last = 0;
  std::uint64_t count() const { return last - first + 1; }
};
// From the first block not older than the range to the head; only the head when all are older. Looks at
// O(log height) headers.
Outcome<BlockWindow> blocks_since(NodeClient& node, const TimeRange& range);

struct SampledBlock {
  Height number = 0;
  std::uint64_t timestamp = 0;
  std::uint64_t transactions = 0;
  std::uint64_t gas_used = 0;
  std::uint64_t gas_limit = 0;
  std::string proposer;
};
// The newest blocks of the window, oldest first: at most `limit`.
Outcome<std::vector<SampledBlock>> sample_blocks(NodeClient& node, const BlockWindow& window,
                                                 std::size_t limit);

}  // namespace aitbc::cli
