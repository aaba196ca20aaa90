#include "tests/unit/consensus/byzantine.hpp"

#include "consensus/qbft/header_forms.hpp"

namespace aitbc::qbft::test {
namespace {

constexpr std::size_t kRemembered = 200;

template <class T>
void remember(std::vector<T>& memory, T value, Random& random) {
  if (memory.size() < kRemembered)
    memory.push_back(std::move(value));
  else
    memory[random.below(kRemembered)] = std::move(value);
}

}  // namespace

Byzantine::Byzantine(Misbehaviour misbehaviour, std::shared_ptr<const Signatures> signatures,
                     std::uint64_t seed)
    : misbehaviour_(misbehaviour), signatures_(std::move(signatures)), random_(seed) {}

Misbehaviour Byzantine::current() {
  if (misbehaviour_ != Misbehaviour::all) return misbehaviour_;
  return static_cast<Misbehaviour>(random_.below(kMisbehaviours));
}

Hash Byzantine::random_hash() {
  Hash hash;
  for (std::uint8_t& byte : hash.bytes) byte = static_cast<std::uint8_t>(random_.next());
  return hash;
}

BlockPtr Byzantine::another_block(const UnrecoveredBlock& block, Gas mark) {
  UnrecoveredBlock other = block;
  other.header.state_root = random_hash();
  other.header.gas_used = mark;
  return std::make_shared<const UnrecoveredBlock>(std::move(other));
}

void Byzantine::overhear(const Bytes& message) {
  remember(overheard_, message, random_);
  const Result<Message> decoded = decode_message(message);
  if (!decoded) return;
  if (const auto* change = std::get_if<RoundChange>(&*decoded))
    remember(round_changes_, change->round_change, random_);
  if (const auto* prepare = std::get_if<Prepare>(&*decoded)) remember(prepares_, *prepare, random_);
  if (const auto* proposal = std::get_if<Proposal>(&*decoded)) last_block_ = proposal->proposal.payload.block;
}

Bytes Byzantine::change(Proposal proposal) {
  ProposalPayload payload = proposal.proposal.payload;
  payload.block = another_block(*payload.block, 0);
  proposal.proposal = make_signed(std::move(payload), *signatures_);
  return encode(Message(std::move(proposal)));
}

Bytes Byzantine::change(Prepare prepare) {
  prepare.payload.digest = random_hash();
  return encode(Message(make_signed(prepare.payload, *signatures_)));
}

Bytes Byzantine::change(Commit commit) {
  commit.payload.digest = random_hash();
  commit.payload.seal = signatures_->sign(commit.payload.digest);
  return encode(Message(make_signed(commit.payload, *signatures_)));
}

// Denies the lock, or goes elsewhere.
Bytes Byzantine::change(RoundChange change) {
  RoundChangePayload payload = change.round_change.payload;
  payload.prepared.reset();
  if (random_.chance(500)) payload.round += 1;
  return encode(Message(RoundChange{make_signed(payload, *signatures_), nullptr, {}}));
}

Bytes Byzantine::with_garbage_seal(Commit commit) {
  commit.payload.seal = signatures_->sign(random_hash());
  return encode(Message(make_signed(commit.payload, *signatures_)));
}

Bytes Byzantine::changed(const Message& message) {
  return std::visit([this](const auto& specific) { return change(specific); }, message);
}

// A proposal for the next rounds with whatever can be scraped together: others' round changes of other
// rounds, our own several times, invented ones, a claim that something was prepared.
Bytes Byzantine::forged_proposal(View view, const BlockPtr& block) {
  Proposal proposal;
  const Round round = view.round + random_.below(4);
  const BlockPtr other = another_block(*block, 0);
  std::optional<Prepared> claim;
  if (round > 0 && random_.chance(500))
    claim = Prepared{random_.below(round), *commit_seal_hash(other->header, random_.below(round))};
  for (std::uint64_t i = random_.below(5); i > 0; --i) {
    SignedRoundChange forged = make_signed(RoundChangePayload{view.height, round, claim}, *signatures_);
    if (random_.chance(500)) forged.signature.r[31] = static_cast<std::uint8_t>(random_.next());
    proposal.round_changes.push_back(std::move(forged));
  }
  for (const SignedRoundChange& overheard : round_changes_)
    if (overheard.payload.height == view.height && random_.chance(700))
      proposal.round_changes.push_back(overheard);
  for (const Prepare& overheard : prepares_)
    if (overheard.payload.height == view.height && random_.chance(700))
      proposal.prepares.push_back(overheard);
  proposal.proposal = make_signed(ProposalPayload{view.height, round, other}, *signatures_);
  return encode(Message(std::move(proposal)));
}

Bytes Byzantine::absurd_round_change(View view) {
  const Round round = std::min<Round>(kMaxRound, view.round + 1 + random_.below(kMaxRound));
  return encode(Message(RoundChange{
      make_signed(RoundChangePayload{view.height, round, std::nullopt}, *signatures_), nullptr, {}}));
}

std::vector<Byzantine::Outgoing> Byzantine::corrupt(const Bytes& message, std::size_t peers) {
  const Message decoded = *decode_message(message);
  const View view = view_of(decoded);
  if (const auto* proposal = std::get_if<Proposal>(&decoded)) last_block_ = proposal->proposal.payload.block;
  const Misbehaviour how = current();
  std::vector<Outgoing> out;
  for (std::size_t peer = 0; peer < peers; ++peer) {
    if (how == Misbehaviour::withhold && random_.chance(600)) continue;
    if (how == Misbehaviour::equivocate && random_.chance(500)) {
      out.push_back({peer, changed(decoded)});
      if (random_.chance(700)) continue;
    }
    if (how == Misbehaviour::garbage_seals && std::holds_alternative<Commit>(decoded) &&
        random_.chance(800)) {
      out.push_back({peer, with_garbage_seal(std::get<Commit>(decoded))});
      continue;
    }
    if (how == Misbehaviour::invalid_blocks && std::holds_alternative<Proposal>(decoded)) {
      Proposal proposal = std::get<Proposal>(decoded);
      ProposalPayload payload = proposal.proposal.payload;
      payload.block = another_block(*payload.block, kInvalidBlockMark);
      proposal.proposal = make_signed(std::move(payload), *signatures_);
      out.push_back({peer, encode(Message(std::move(proposal)))});
      continue;
    }
    out.push_back({peer, message});
    if (how == Misbehaviour::forge_justifications && last_block_ && last_block_->header.number == view.height)
      out.push_back({peer, forged_proposal(view, last_block_)});
    if (how == Misbehaviour::absurd_rounds) out.push_back({peer, absurd_round_change(view)});
    if (how == Misbehaviour::replay && !overheard_.empty())
      for (int i = 0; i < 5; ++i) out.push_back({peer, overheard_[random_.below(overheard_.size())]});
  }
  return out;
}

}  // namespace aitbc::qbft::test
