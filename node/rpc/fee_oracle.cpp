#include "node/rpc/fee_oracle.hpp"

#include <algorithm>

namespace aitbc::rpc {
namespace {

constexpr Height kSampledBlocks = 20;
constexpr std::uint32_t kSamplesPerBlock = 32;
// Some 6 MB.
constexpr std::size_t kMaxRememberedShares = 200'000;

Amount tip_of(const chain::StoredReceipt& receipt, Amount base_fee) {
  return checked_sub(receipt.effective_gas_price, base_fee).value_or(Amount{});
}

Amount base_fee_of(const Header& header) { return header.base_fee_per_gas.value_or(Amount{}); }

// The tips of transactions spread evenly over the block.
Result<void> sample(const chain::ChainView& view, Height height, std::vector<Amount>& tips) {
  AITBC_ASSIGN(const auto header, chain::read_header(*view.snapshot, height));
  AITBC_ASSIGN(const auto meta, chain::read_block_meta(*view.snapshot, height));
  if (!header || !meta) return fail(ErrorCode::corruption, "a recent block is missing");
  const std::uint32_t step = std::max(1U, meta->transaction_count / kSamplesPerBlock);
  for (std::uint32_t i = 0; i < meta->transaction_count; i += step) {
    AITBC_ASSIGN(const auto receipt, chain::read_receipt(*view.snapshot, {height, i}));
    if (receipt) tips.push_back(tip_of(*receipt, base_fee_of(*header)));
  }
  return {};
}

}  // namespace

Result<Amount> FeeOracle::suggested_tip(const chain::ChainView& view) {
  {
    const std::lock_guard lock(mutex_);
    if (suggested_ && suggested_for_ == view.head_hash) return *suggested_;
  }
  std::vector<Amount> tips;
  for (Height i = 0; i < kSampledBlocks && i <= view.head.number; ++i)
    AITBC_TRY(sample(view, view.head.number - i, tips));
  Amount suggestion = floor_;
  if (!tips.empty()) {
    const auto middle = tips.begin() + static_cast<std::ptrdiff_t>(tips.size() / 2);
    std::nth_element(tips.begin(), middle, tips.end());
    suggestion = std::max(suggestion, *middle);
  }
  const std::lock_guard lock(mutex_);
  suggested_for_ = view.head_hash;
  suggested_ = suggestion;
  return suggestion;
}

Result<FeeOracle::BlockTips> FeeOracle::tips_of(const chain::ChainView& view, Height height,
                                                std::size_t& budget) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = tips_.find(height); found != tips_.end()) return found->second;
  }
  AITBC_ASSIGN(const auto header, chain::read_header(*view.snapshot, height));
  AITBC_ASSIGN(const auto meta, chain::read_block_meta(*view.snapshot, height));
  if (!header || !meta) return fail(ErrorCode::corruption, "block " + std::to_string(height) + " is missing");
  if (meta->transaction_count > budget) return BlockTips();
  budget -= meta->transaction_count;
  AITBC_ASSIGN(const auto receipts, chain::read_receipts(*view.snapshot, height));
  std::map<Amount, Gas> by_tip;
  for (std::uint32_t i = 0; i < meta->transaction_count; ++i)
    by_tip[tip_of(receipts.at(i), base_fee_of(*header))] += receipts[i].gas_used;
  auto tips = std::make_shared<std::vector<TipShare>>();
  for (const auto& [tip, gas] : by_tip) tips->push_back({tip, gas});
  remember(height, tips);
  return BlockTips(std::move(tips));
}

void FeeOracle::remember(Height height, const BlockTips& tips) {
  const std::lock_guard lock(mutex_);
  if (!tips_.emplace(height, tips).second) return;
  remembered_shares_ += tips->size() + 1;
  while (remembered_shares_ > kMaxRememberedShares && tips_.size() > 1) {
    remembered_shares_ -= tips_.begin()->second->size() + 1;
    tips_.erase(tips_.begin());  // the oldest is the least likely to be asked for
  }
}

Result<std::optional<std::vector<Amount>>> FeeOracle::rewards(const chain::ChainView& view, Height height,
                                                              std::span<const double> percentiles,
                                                              std::size_t& budget) {
  AITBC_ASSIGN(const BlockTips tips, tips_of(view, height, budget));
  if (tips == nullptr) return std::nullopt;
  if (tips->empty()) return std::vector<Amount>(percentiles.size(), floor_);
  Gas total = 0;
  for (const TipShare& share : *tips) total += share.gas;
  std::vector<Amount> out;
  std::size_t at = 0;
  Gas passed = tips->front().gas;
  for (const double percentile : percentiles) {
    const auto threshold = static_cast<Gas>(static_cast<double>(total) * percentile / 100.0);
    while (passed < threshold && at + 1 < tips->size()) passed += (*tips)[++at].gas;
    out.push_back((*tips)[at].tip);
  }
  return out;
}

}  // namespace aitbc::rpc
