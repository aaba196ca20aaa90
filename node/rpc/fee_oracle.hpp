// What transactions of recent blocks paid, for wallets that ask what to offer.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "node/chain/chain.hpp"

namespace aitbc::rpc {

// Thread-safe. Blocks are final, so what was worked out about one stays true.
class FeeOracle {
 public:
  // `floor`: the lowest tip it ever suggests, so that wallets which take it over never offer nothing.
  explicit FeeOracle(Amount floor) : floor_(floor) {}

  // The median tip of a sample of the transactions of the last 20 blocks, at least the floor. Worked out once
  // per head.
  Result<Amount> suggested_tip(const chain::ChainView& view);

  // For each percentile (ascending), the tip at that share of the block's gas; the floor for a block without
  // transactions. nullopt when the block would take more work than `budget` receipts, which it is reduced by.
  Result<std::optional<std::vector<Amount>>> rewards(const chain::ChainView& view, Height height,
                                                     std::span<const double> percentiles,
                                                     std::size_t& budget);

 private:
  // Ascending by tip, transactions of the same tip together.
  struct TipShare {
    Amount tip;
    Gas gas = 0;
  };
  using BlockTips = std::shared_ptr<const std::vector<TipShare>>;
  Result<BlockTips> tips_of(const chain::ChainView& view, Height height, std::size_t& budget);
  void remember(Height height, const BlockTips& tips);

  const Amount floor_;
  std::mutex mutex_;
  Hash suggested_for_;
  std::optional<Amount> suggested_;
  std::map<Height, BlockTips> tips_;
  std::size_t remembered_shares_ = 0;
};

}  // namespace aitbc::rpc
