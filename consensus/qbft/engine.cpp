#include "consensus/qbft/engine.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "consensus/qbft/header_forms.hpp"
#include "consensus/qbft/header_rules.hpp"

namespace aitbc::qbft {

using consensus::Actions;
using consensus::TimePoint;

Engine::Engine(const Config& config, std::unique_ptr<const Signatures> signatures,
               consensus::HeaderReader reader, std::optional<WalRecord> record)
    : config_(config),
      signatures_(std::move(signatures)),
      history_(std::move(reader), config.epoch_length),
      record_(std::move(record)) {}

Actions Engine::on(const consensus::Event& event, TimePoint now) {
  now_ = now;
  actions_.clear();
  must_persist_ = false;
  std::visit([this](const auto& specific) { handle(specific); }, event);
  // Before the first message leaves, with everything this event made us sign.
  if (must_persist_) actions_.insert(actions_.begin(), consensus::Persist{encode(record())});
  return std::move(actions_);
}

void Engine::handle(const consensus::HeadChanged& event) {
  if (head_ && event.header.number < head_->number) return;
  const Hash hash = header_hash(event.header);
  if (head_ && ballot_ && hash == head_hash_) return;
  const bool is_ours = ballot_ && ballot_->height == event.header.number;
  parent_began_ = is_ours ? ballot_->awake_since : std::nullopt;
  leave_height();
  head_ = event.header;
  head_hash_ = hash;
  if (!is_syncing_) start_height();
}

void Engine::handle(const consensus::Syncing& event) {
  if (event.syncing == is_syncing_) return;
  is_syncing_ = event.syncing;
  if (is_syncing_)
    leave_height();
  else if (head_)
    start_height();
}

void Engine::leave_height() {
  if (!ballot_) return;
  // Syncing may end at the same height: what was signed there still binds.
  if (ballot_->self && (ballot_->round > 0 || !ballot_->sent.empty())) record_ = record();
  ballot_.reset();
  own_block_.reset();
  verdicts_.clear();
  for (const Timer timer : {Timer::block, Timer::round, Timer::resend}) cancel_timer(timer);
}

void Engine::start_height() {
  auto tally = history_.after(*head_, head_hash_);
  AITBC_CHECK(tally.has_value(), "the chain below the head cannot be read");
  ballot_.emplace(*head_, head_hash_, std::move(*tally));
  Ballot& ballot = *ballot_;
  if (record_ && record_->height < ballot.height) record_.reset();
  // A record from above means that the chain was restored from an older copy: what this validator signed in
  // between is not known, so it signs nothing until it is past that height.
  const bool may_vote = signatures_->self() && (!record_ || record_->height == ballot.height);
  if (may_vote) ballot.self = ballot.validators().index_of(*signatures_->self());

  const TimePoint began = parent_began_.value_or(now_);
  ballot.earliest = std::max(now_, earliest_proposal(config_.schedule, head_->timestamp, began));
  ballot.idle_until =
      std::max(ballot.earliest, earliest_empty_proposal(config_.schedule, head_->timestamp, began));
  std::vector<FutureMessages::Entry> waiting = future_.take(ballot.height);
  if (!ballot.self) return;
  set_timer(Timer::block, ballot.earliest);
  if (record_) resume(*record_);
  for (FutureMessages::Entry& entry : waiting) {
    const Bytes wire = encode(entry.message);
    if (ballot.validators().contains(author_of(entry.message)))
      receive_now(std::move(entry.message), entry.peer, wire);
  }
}

// Back where we were before the restart, saying again what we said: the signatures are of the same values.
void Engine::resume(const WalRecord& record) {
  Ballot& ballot = *ballot_;
  ballot.round = record.round;
  ballot.sent = record.sent;
  ballot.lock = record.lock;
  if (ballot.round == 0 && ballot.sent.empty()) return;
  wake(now_);
  if (ballot.sent.prepare) sign_prepare(*ballot.sent.prepare);
  if (ballot.sent.commit) sign_commit(*ballot.sent.commit);
  announce_round();
  progress();
}

void Engine::handle(const consensus::TimerFired& event) {
  if (event.timer >= kTimerCount || !timers_[event.timer]) return;  // cancelled in the meantime
  const Timer timer = static_cast<Timer>(event.timer);
  if (now_ < *timers_[event.timer]) return set_timer(timer, *timers_[event.timer]);  // its predecessor's
  timers_[event.timer].reset();
  if (!ballot_ || !ballot_->self || ballot_->decided) return;
  switch (timer) {
    case Timer::block:
      return block_timer_fired();
    case Timer::round:
      if (ballot_->round == kMaxRound) return;
      enter_round(ballot_->round + 1);
      announce_round();
      return progress();
    case Timer::resend:
      return repeat_round_change();
  }
}

void Engine::block_timer_fired() {
  Ballot& ballot = *ballot_;
  if (ballot.awake_since) return;
  const TimePoint due = ballot.has_work ? ballot.earliest : ballot.idle_until;
  if (now_ < due) return set_timer(Timer::block, due);
  wake(due);
  progress();
}

void Engine::handle(const consensus::WorkPending&) {
  if (ballot_ && ballot_->self && !ballot_->decided) note_work();
}

void Engine::note_work() {
  Ballot& ballot = *ballot_;
  ballot.has_work = true;
  if (ballot.awake_since || now_ < ballot.earliest) return;
  wake(now_);
  progress();
}

// Round 0 begins: from here on silence is a fault.
void Engine::wake(TimePoint since) {
  if (ballot_->awake_since) return;
  ballot_->awake_since = since;
  cancel_timer(Timer::block);
}

void Engine::set_timer(Timer timer, TimePoint at) {
  const auto number = static_cast<std::uint64_t>(timer);
  timers_[number] = at;
  actions_.push_back(consensus::SetTimer{number, at});
}

void Engine::cancel_timer(Timer timer) {
  const auto number = static_cast<std::uint64_t>(timer);
  if (!timers_[number]) return;
  timers_[number].reset();
  actions_.push_back(consensus::CancelTimer{number});
}

Status Engine::status() const {
  Status status = counters_;
  status.is_syncing = is_syncing_;
  if (!ballot_) return status;
  status.height = ballot_->height;
  status.round = ballot_->round;
  status.validators = ballot_->validators().size();
  status.is_validator = ballot_->self.has_value();
  status.is_locked = ballot_->lock.has_value();
  return status;
}

}  // namespace aitbc::qbft
