// Messages in: filtered from the cheapest check to the dearest, then kept where the rules look for them.
#include <algorithm>

#include "consensus/qbft/engine.hpp"
#include "consensus/qbft/justification.hpp"
#include "crypto/keccak.hpp"

namespace aitbc::qbft {

using consensus::PeerId;

void Engine::handle(const consensus::MessageReceived& event) {
  ++counters_.messages;
  // Who cannot vote soon has no use for messages: final blocks reach it in other ways.
  if (!ballot_ || !signatures_->self()) return drop();
  const Hash hash = keccak256(event.message);
  if (seen_.contains(hash)) return receive_again(event, hash);
  Result<Message> message = decode_message(event.message);
  if (!message) return punish(event.peer, message.error().message);
  if (is_useless(*message)) return drop();
  if (!authenticate(*message, *signatures_))
    return punish(event.peer, "qbft: a message with a bad signature");
  const View view = view_of(*message);
  if (view.height > ballot_->height) {
    if (!keep_for_later(std::move(*message), event)) return drop();
  } else {
    if (!ballot_->validators().contains(author_of(*message)))
      return punish(event.peer, "qbft: a message by no validator");
    if (!receive_now(std::move(*message), event.peer, event.message)) return;
  }
  seen_.add(hash);
}

// What was seen has nothing new for us. But an author repeats a round change because somebody may have missed
// it, and who is not connected to the author depends on us.
void Engine::receive_again(const consensus::MessageReceived& event, const Hash& hash) {
  drop();
  if (event.message[0] != static_cast<std::uint8_t>(MessageCode::round_change)) return;
  const Result<Message> message = decode_message(event.message);
  const bool is_wanted = message && view_of(*message).height == ballot_->height && !is_useless(*message);
  if (is_wanted && seen_.may_pass_again(hash, now_, config_.schedule.request_timeout / 2))
    actions_.push_back(consensus::Relay{event.peer, event.message});
}

void Engine::drop() { ++counters_.dropped_messages; }

void Engine::punish(PeerId peer, std::string reason) {
  ++counters_.punished_messages;
  actions_.push_back(consensus::PunishPeer{peer, std::move(reason)});
}

bool Engine::is_useless(const Message& message) const {
  const View view = view_of(message);
  if (view.height != ballot_->height)
    return view.height < ballot_->height || view.height - ballot_->height > FutureMessages::kMaxDistance;
  if (!ballot_->self || ballot_->decided) return true;
  if (view.round >= ballot_->round) return false;
  // Of earlier rounds, a commit can still complete the block that we are locked on, and a round change is
  // passed on to those who are behind us.
  if (std::holds_alternative<RoundChange>(message)) return false;
  return !std::holds_alternative<Commit>(message) || !ballot_->lock ||
         ballot_->lock->prepared.round != view.round;
}

// Whether the author will be a validator then is not known yet; those who might be are.
bool Engine::keep_for_later(Message message, const consensus::MessageReceived& event) {
  const std::vector<Address> candidates = ballot_->tally->candidates();
  const Address& author = author_of(message);
  const bool is_known = ballot_->validators().contains(author) ||
                        std::find(candidates.begin(), candidates.end(), author) != candidates.end();
  return is_known && future_.add({event.peer, std::move(message), event.message.size()},
                                 ballot_->validators().size() + candidates.size());
}

bool Engine::receive_now(Message message, PeerId peer, const Bytes& wire) {
  if (is_useless(message)) {
    drop();
    return false;
  }
  const bool was_used = std::visit([&](auto& specific) { return receive(specific, peer, wire); }, message);
  if (was_used) progress();
  return was_used;
}

HeightRules Engine::rules() const {
  return {ballot_->parent, ballot_->parent_hash, ballot_->validators(), *signatures_, gap()};
}

bool Engine::receive(Proposal& proposal, PeerId peer, const Bytes& wire) {
  Ballot& ballot = *ballot_;
  const ProposalPayload& payload = proposal.proposal.payload;
  if (payload.round == ballot.round && ballot.accepted) {
    if (header_hash(payload.block->header) != ballot.accepted->block_hash) ++counters_.equivocations;
    drop();
    return true;
  }
  const Result<Hash> digest = justify(proposal, rules());
  if (!digest) {
    punish(peer, digest.error().message);
    return false;
  }
  // Clocks differ among honest validators. The proposal may come again when its time is near.
  if (!is_due(payload.block->header.timestamp, now_)) {
    drop();
    return false;
  }
  if (payload.round > ballot.round) enter_round(payload.round);
  accept(payload.block, *digest, peer, wire);
  return true;
}

// Keeps the message when it is of a later round than what its author said before.
template <class Payload>
bool Engine::keep(std::optional<Signed<Payload>>& slot, Signed<Payload>& message, PeerId peer,
                  const Bytes& wire) {
  if (slot && slot->payload.round >= message.payload.round) {
    const bool is_other = slot->payload.digest != message.payload.digest;
    if (slot->payload.round == message.payload.round && is_other) ++counters_.equivocations;
    drop();
    return true;
  }
  slot = std::move(message);
  actions_.push_back(consensus::Relay{peer, wire});
  return true;
}

bool Engine::receive(Prepare& prepare, PeerId peer, const Bytes& wire) {
  return keep(latest_of(prepare.author).prepare, prepare, peer, wire);
}

bool Engine::receive(Commit& commit, PeerId peer, const Bytes& wire) {
  const auto signer = signatures_->recover(commit.payload.digest, commit.payload.seal);
  if (!signer || *signer != commit.author) {
    punish(peer, "qbft: a commit seal is not its author's");
    return false;
  }
  return keep(latest_of(commit.author).commit, commit, peer, wire);
}

bool Engine::receive(RoundChange& change, PeerId peer, const Bytes& wire) {
  std::optional<RoundChange>& slot = latest_of(change.round_change.author).round_change;
  if (slot && slot->round_change.payload.round >= change.round_change.payload.round) {
    drop();
    return true;
  }
  if (const Result<void> justified = justify(change, rules()); !justified) {
    punish(peer, justified.error().message);
    return false;
  }
  slot = std::move(change);
  actions_.push_back(consensus::Relay{peer, wire});
  // Only what was found right may be passed on again: others punish the one they have it from.
  seen_.note_passed(keccak256(wire), now_);
  // Somebody waits for a block: an idle validator shares its impatience.
  note_work();
  return true;
}

LatestOf& Engine::latest_of(const Address& validator) {
  return ballot_->latest[*ballot_->validators().index_of(validator)];
}

}  // namespace aitbc::qbft
