// The rules of the protocol. Each looks at the state of the height and does what is due, or nothing.
#include "base/check.hpp"
#include "consensus/qbft/commit_proof.hpp"
#include "consensus/qbft/engine.hpp"
#include "consensus/qbft/header_forms.hpp"
#include "consensus/qbft/justification.hpp"

namespace aitbc::qbft {

void Engine::progress() {
  if (!ballot_ || !ballot_->self || ballot_->decided) return;
  follow_the_others();
  start_round_timer();
  propose();
  prepare();
  lock_and_commit();
  decide();
}

// More than F others are in later rounds, so an honest one is: join them.
void Engine::follow_the_others() {
  const Round target = ballot_->round_reached_by_others(*ballot_->self);
  if (target <= ballot_->round) return;
  enter_round(target);
  announce_round();
}

void Engine::enter_round(Round round) {
  Ballot& ballot = *ballot_;
  AITBC_CHECK(round > ballot.round, "rounds only rise");
  wake(now_);
  ballot.round = round;
  ballot.accepted.reset();
  ballot.sent = {};
  ballot.build_failed = false;
  cancel_timer(Timer::round);
  cancel_timer(Timer::resend);
  ++counters_.round_changes;
}

// Sends the round change of the present round. A lock of this very round means that it was sent before the
// lock was taken, with what was known then; it must not be sent with anything else.
void Engine::announce_round() {
  Ballot& ballot = *ballot_;
  if (ballot.round == 0 || (ballot.lock && ballot.lock->prepared.round >= ballot.round)) return;
  RoundChange change;
  RoundChangePayload payload{ballot.height, ballot.round, std::nullopt};
  if (ballot.lock) {
    payload.prepared = ballot.lock->prepared;
    change.block = ballot.lock->block;
    change.prepares = ballot.lock->prepares;
  }
  change.round_change = make_signed(std::move(payload), *signatures_);
  ballot.latest[*ballot.self].round_change = change;
  send(std::move(change));
  set_timer(Timer::resend, now_ + config_.schedule.request_timeout);
}

void Engine::repeat_round_change() {
  const std::optional<RoundChange>& own = ballot_->latest[*ballot_->self].round_change;
  if (!own || own->round_change.payload.round != ballot_->round) return;
  send(*own);
  set_timer(Timer::resend, now_ + config_.schedule.request_timeout);
}

// A round has begun for us when its proposal is here (or was, before a restart: we signed something then).
// Without one, the first round begins when the block timer fires, and a later one when a quorum has reached
// it.
void Engine::start_round_timer() {
  const Ballot& ballot = *ballot_;
  if (timers_[static_cast<std::size_t>(Timer::round)]) return;
  const bool had_proposal = ballot.accepted || !ballot.sent.empty();
  const bool is_due = ballot.round == 0
                          ? ballot.awake_since.has_value()
                          : ballot.count_round_changes_from(ballot.round) >= ballot.validators().quorum();
  if (had_proposal || is_due) set_timer(Timer::round, now_ + round_timeout(config_.schedule, ballot.round));
}

void Engine::propose() {
  Ballot& ballot = *ballot_;
  const bool is_our_turn = ballot.awake_since && !ballot.accepted && !ballot.sent.proposal &&
                           ballot.proposer() == ballot.validators().addresses()[*ballot.self];
  if (!is_our_turn) return;
  std::vector<SignedRoundChange> basis;
  const RoundChange* highest = nullptr;
  if (ballot.round > 0) {
    const std::vector<const RoundChange*> changes = ballot.round_changes_to(ballot.round);
    if (changes.size() < ballot.validators().quorum()) return;
    for (const RoundChange* change : changes) {
      const std::optional<Prepared>& claim = change->round_change.payload.prepared;
      if (claim && (!highest || claim->round > highest->round_change.payload.prepared->round))
        highest = change;
      basis.push_back(change->round_change);
    }
  }
  if (highest) return send_proposal(highest->block, std::move(basis), highest->prepares);
  if (!own_block_) return request_build();
  send_proposal(own_block_, std::move(basis), {});
}

void Engine::send_proposal(const BlockPtr& block, std::vector<SignedRoundChange> basis,
                           std::vector<Prepare> prepares) {
  Ballot& ballot = *ballot_;
  const Result<Hash> digest = commit_seal_hash(block->header, ballot.round);
  AITBC_CHECK(digest.has_value(), "a block to propose has no QBFT extra data");
  ballot.sent.proposal = *digest;
  if (!is_alone()) {
    ProposalPayload payload{ballot.height, ballot.round, block};
    send(Proposal{make_signed(std::move(payload), *signatures_), std::move(basis), std::move(prepares)});
  }
  accept(block, *digest, std::nullopt, {});
}

void Engine::accept(BlockPtr block, const Hash& digest, std::optional<consensus::PeerId> peer,
                    Bytes to_relay) {
  wake(now_);
  const Hash block_hash = header_hash(block->header);
  ballot_->accepted = Accepted{std::move(block), block_hash, digest, peer, std::move(to_relay)};
  start_round_timer();
}

void Engine::prepare() {
  Ballot& ballot = *ballot_;
  if (!ballot.accepted) return;
  Accepted& accepted = *ballot.accepted;
  if (!valid_block(accepted.block, accepted.block_hash)) return;
  if (accepted.peer && !accepted.to_relay.empty())
    actions_.push_back(consensus::Relay{*accepted.peer, std::move(accepted.to_relay)});
  accepted.to_relay.clear();
  if (!ballot.sent.prepare) sign_prepare(accepted.digest);
}

void Engine::lock_and_commit() {
  Ballot& ballot = *ballot_;
  if (!ballot.accepted || (ballot.lock && ballot.lock->prepared.round == ballot.round)) return;
  const Prepared what{ballot.round, ballot.accepted->digest};
  if (ballot.count_prepares(what) < ballot.validators().quorum()) return;
  if (!valid_block(ballot.accepted->block, ballot.accepted->block_hash)) return;
  ballot.lock = Lock{what, ballot.accepted->block, ballot.prepares_for(what)};
  sign_commit(what.digest);
}

void Engine::sign_prepare(const Hash& digest) {
  Ballot& ballot = *ballot_;
  ballot.sent.prepare = digest;
  Prepare prepare = make_signed(PreparePayload{ballot.height, ballot.round, digest}, *signatures_);
  ballot.latest[*ballot.self].prepare = prepare;
  send(std::move(prepare));
}

void Engine::sign_commit(const Hash& digest) {
  Ballot& ballot = *ballot_;
  ballot.sent.commit = digest;
  Commit commit = make_signed(CommitPayload{ballot.height, ballot.round, digest, signatures_->sign(digest)},
                              *signatures_);
  ballot.latest[*ballot.self].commit = commit;
  send(std::move(commit));
}

void Engine::decide() {
  const Ballot& ballot = *ballot_;
  if (ballot.accepted) decide_if_sealed(ballot.accepted->block, {ballot.round, ballot.accepted->digest});
  if (ballot.lock && !ballot.decided) decide_if_sealed(ballot.lock->block, ballot.lock->prepared);
}

void Engine::decide_if_sealed(const BlockPtr& block, const Prepared& what) {
  Ballot& ballot = *ballot_;
  if (ballot.count_commits(what) < ballot.validators().quorum()) return;
  const Block* checked = valid_block(block, header_hash(block->header));
  if (!checked) return;
  const CommitProof proof{what.round, ballot.seals_for(what)};
  actions_.push_back(consensus::CommitBlock{*checked, encode(proof)});
  ballot.decided = true;
  for (const Timer timer : {Timer::block, Timer::round, Timer::resend}) cancel_timer(timer);
}

bool Engine::is_alone() const { return ballot_->validators().size() == 1; }

// A validator without colleagues has nobody to persuade, and what it signed is seen only with the final
// block.
void Engine::send(const Message& message) {
  if (is_alone()) return;
  must_persist_ = true;
  actions_.push_back(consensus::Broadcast{encode(message)});
}

}  // namespace aitbc::qbft
