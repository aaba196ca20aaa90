// Blocks built and checked by the driver, and the write-ahead record.
#include <algorithm>

#include "base/check.hpp"
#include "consensus/qbft/engine.hpp"
#include "consensus/qbft/header_forms.hpp"
#include "consensus/qbft/header_rules.hpp"

namespace aitbc::qbft {
namespace {

// A round offers at most one block to check, so few are discussed at one height.
constexpr std::size_t kMaxVerdicts = 8;

}  // namespace

Seconds Engine::gap() const {
  return minimum_gap(static_cast<std::uint64_t>(config_.schedule.block_period.count()));
}

void Engine::request_build() {
  Ballot& ballot = *ballot_;
  if (build_ || ballot.build_failed) return;
  const Address& self = ballot.validators().addresses()[*ballot.self];
  ExtraData extra;
  extra.validators = ballot.validators().addresses();
  // The vote of an epoch block would not count.
  if (ballot.height % config_.epoch_length != 0) extra.vote = votes_.next(*ballot.tally, self);
  build_ = Build{++last_request_, ballot.parent_hash};
  actions_.push_back(consensus::BuildBlock{build_->request, ballot.height,
                                           block_timestamp(config_.schedule, ballot.parent.timestamp, now_),
                                           self, encode(extra)});
}

void Engine::handle(const consensus::BlockBuilt& event) {
  if (!build_ || event.request != build_->request) return;
  const Build build = *build_;
  build_.reset();
  if (!ballot_ || !ballot_->self) return;
  if (build.parent_hash == ballot_->parent_hash) {
    const bool is_usable = event.block && check_header(event.block->header, ballot_->parent,
                                                       ballot_->parent_hash, ballot_->validators(), gap());
    // Tried again in the next round, not at once: the driver's trouble may last.
    ballot_->build_failed = !is_usable;
    if (is_usable) {
      own_block_ = std::make_shared<const UnrecoveredBlock>(without_senders(*event.block));
      add_verdict({header_hash(event.block->header), event.block});
    }
  }
  progress();
}

void Engine::handle(const consensus::BlockChecked& event) {
  if (!check_ || event.request != check_->request) return;
  const Check check = *check_;
  check_.reset();
  if (!ballot_ || check.parent_hash != ballot_->parent_hash) return progress();
  const bool is_valid = event.block.has_value();
  add_verdict({check.block_hash, is_valid ? std::optional<Block>(*event.block) : std::nullopt});
  const std::optional<Accepted>& accepted = ballot_->accepted;
  const bool is_theirs = accepted && accepted->block_hash == check.block_hash && accepted->peer;
  if (!is_valid && is_theirs && !is_local_failure(event.block.error()))
    punish(*accepted->peer, event.block.error().message);
  progress();
}

void Engine::add_verdict(Verdict verdict) {
  if (verdicts_.size() == kMaxVerdicts) verdicts_.erase(verdicts_.begin());
  verdicts_.push_back(std::move(verdict));
}

// The block with its senders when it is known to be valid. Asks for a check when nothing is known of it; the
// rules are applied again when the answer comes.
const Block* Engine::valid_block(const BlockPtr& block, const Hash& hash) {
  const auto known = std::find_if(verdicts_.begin(), verdicts_.end(),
                                  [&](const Verdict& verdict) { return verdict.hash == hash; });
  if (known != verdicts_.end()) return known->block ? &*known->block : nullptr;
  if (!check_) {
    check_ = Check{++last_request_, ballot_->parent_hash, hash};
    actions_.push_back(consensus::CheckBlock{check_->request, *block});
  }
  return nullptr;
}

WalRecord Engine::record() const {
  AITBC_CHECK(ballot_.has_value(), "there is no height to record");
  return {ballot_->height, ballot_->round, ballot_->sent, ballot_->lock};
}

}  // namespace aitbc::qbft
