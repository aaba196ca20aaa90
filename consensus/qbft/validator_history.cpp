#include "consensus/qbft/validator_history.hpp"

#include "base/check.hpp"

namespace aitbc::qbft {
namespace {

Result<ExtraData> extra_of(const Header& header) {
  auto extra = decode_extra_data(header.extra_data);
  if (!extra) return fail(ErrorCode::invalid_block, extra.error().message);
  return std::move(*extra);
}

}  // namespace

ValidatorHistory::ValidatorHistory(consensus::HeaderReader reader, std::uint64_t epoch_length)
    : reader_(std::move(reader)), epoch_length_(epoch_length) {
  AITBC_CHECK(epoch_length_ > 0, "an epoch has no length");
}

ValidatorHistory::TallyPtr ValidatorHistory::find(const Hash& hash) const {
  const std::scoped_lock lock(mutex_);
  const auto it = known_.find(hash);
  return it == known_.end() ? nullptr : it->second;
}

void ValidatorHistory::remember(const Hash& hash, TallyPtr tally) const {
  const std::scoped_lock lock(mutex_);
  if (!known_.emplace(hash, std::move(tally)).second) return;
  order_.push_back(hash);
  if (order_.size() <= kRemembered) return;
  known_.erase(order_.front());
  order_.pop_front();
}

// The votes cast on top of `base`, newest first. `base` becomes what is known of the block below them.
Result<std::vector<ValidatorHistory::CastVote>> ValidatorHistory::votes_down_from(const Header& header,
                                                                                  const Hash& hash,
                                                                                  TallyPtr& base) const {
  std::vector<CastVote> votes;
  Header current = header;
  Hash current_hash = hash;
  for (;;) {
    AITBC_ASSIGN(ExtraData extra, extra_of(current));
    if (current.number % epoch_length_ == 0) {
      // The votes are cleared here, so the set that sealed this block seals the next one too.
      base = std::make_shared<const VoteTally>(ValidatorSet(std::move(extra.validators)));
      remember(current_hash, base);
      return votes;
    }
    if (extra.vote) votes.push_back({current.coinbase, *extra.vote});
    base = find(current.parent_hash);
    if (base) return votes;
    std::optional<Header> parent = reader_(current.number - 1);
    // Only the first link is in doubt: below it, the reader's chain is one.
    const bool is_first = current.number == header.number;
    const bool linked = parent && (!is_first || header_hash(*parent) == current.parent_hash);
    if (!linked) return fail(ErrorCode::unavailable, "qbft: the block's ancestors are not known here");
    current_hash = current.parent_hash;
    current = std::move(*parent);
  }
}

Result<std::shared_ptr<const VoteTally>> ValidatorHistory::after(const Header& header,
                                                                 const Hash& hash) const {
  TallyPtr tally = find(hash);
  if (tally) return tally;
  AITBC_ASSIGN(const std::vector<CastVote> votes, votes_down_from(header, hash, tally));
  if (!votes.empty()) {
    VoteTally counted = *tally;
    for (auto vote = votes.rbegin(); vote != votes.rend(); ++vote) counted.cast(vote->voter, vote->vote);
    tally = std::make_shared<const VoteTally>(std::move(counted));
  }
  remember(hash, tally);
  return tally;
}

}  // namespace aitbc::qbft
