// The messages of Byzantine validators.
#include "consensus/qbft/extra_data.hpp"
#include "consensus/qbft/header_forms.hpp"
#include "tests/unit/consensus/byzantine.hpp"

namespace aitbc::qbft::test {

Hash Byzantine::random_hash() {
  Hash hash;
  for (std::uint8_t& byte : hash.bytes) byte = static_cast<std::uint8_t>(random_.next());
  return hash;
}

// Unmarked it executes as well as the first one: only the vanity, which nobody judges, is different.
BlockPtr Byzantine::another_block(const UnrecoveredBlock& block, Gas mark) {
  UnrecoveredBlock other = block;
  if (mark == 0) {
    ExtraData extra = *decode_extra_data(other.header.extra_data);
    extra.vanity = Vanity::from(random_hash());
    other.header.extra_data = encode(extra);
  } else {
    other.header.state_root = random_hash();
    other.header.gas_used = mark;
  }
  return std::make_shared<const UnrecoveredBlock>(std::move(other));
}

// As if we had built it ourselves.
BlockPtr Byzantine::fresh(const UnrecoveredBlock& block) {
  UnrecoveredBlock ours = block;
  ours.header.coinbase = *signatures_->self();
  return std::make_shared<const UnrecoveredBlock>(std::move(ours));
}

std::vector<Bytes> Byzantine::change(Proposal proposal) {
  const BlockPtr block = another_block(*proposal.proposal.payload.block, 0);
  return with_support(std::move(proposal), block);
}

// The proposal with another block, and our prepare and commit for it.
std::vector<Bytes> Byzantine::with_support(Proposal proposal, BlockPtr block) {
  const View view = view_of(Message(proposal));
  const Hash digest = *commit_seal_hash(block->header, view.round);
  proposal.proposal = make_signed(ProposalPayload{view.height, view.round, std::move(block)}, *signatures_);
  Prepare prepare = make_signed(PreparePayload{view.height, view.round, digest}, *signatures_);
  Commit commit =
      make_signed(CommitPayload{view.height, view.round, digest, signatures_->sign(digest)}, *signatures_);
  return {encode(Message(std::move(proposal))), encode(Message(std::move(prepare))),
          encode(Message(std::move(commit)))};
}

Bytes Byzantine::with_invalid_block(const Proposal& proposal) {
  return with_support(proposal, another_block(*proposal.proposal.payload.block, kInvalidBlockMark))[0];
}

std::vector<Bytes> Byzantine::change(Prepare prepare) {
  prepare.payload.digest = random_hash();
  return {encode(Message(make_signed(prepare.payload, *signatures_)))};
}

std::vector<Bytes> Byzantine::change(Commit commit) {
  commit.payload.digest = random_hash();
  commit.payload.seal = signatures_->sign(commit.payload.digest);
  return {encode(Message(make_signed(commit.payload, *signatures_)))};
}

// Denies the lock, or goes elsewhere.
std::vector<Bytes> Byzantine::change(RoundChange change) {
  RoundChangePayload payload = change.round_change.payload;
  payload.prepared.reset();
  if (random_.chance(500)) payload.round += 1;
  return {encode(Message(RoundChange{make_signed(payload, *signatures_), nullptr, {}}))};
}

Bytes Byzantine::with_garbage_seal(Commit commit) {
  commit.payload.seal = signatures_->sign(random_hash());
  return encode(Message(make_signed(commit.payload, *signatures_)));
}

std::vector<Bytes> Byzantine::changed(const Message& message) {
  return std::visit([this](const auto& specific) { return change(specific); }, message);
}

std::vector<Bytes> Byzantine::forgeries(const Message& message) {
  const View view = view_of(message);
  if (!last_block_ || last_block_->header.number != view.height || random_.chance(100)) return {};
  if (view.round > 0 && std::holds_alternative<Proposal>(message))
    return forged_proposal(std::get<Proposal>(message));
  if (std::holds_alternative<RoundChange>(message) && random_.chance(500)) return {forged_claim(view)};
  return {encode(message), scraped_proposal(view, last_block_)};
}

// A proposal for the next rounds with whatever can be scraped together: others' round changes of other
// rounds, our own several times, invented ones, a claim that something was prepared.
Bytes Byzantine::scraped_proposal(View view, const BlockPtr& block) {
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
  for (const SignedRoundChange& heard : round_changes_)
    if (heard.payload.height == view.height && random_.chance(700)) proposal.round_changes.push_back(heard);
  for (const Prepare& heard : prepares_)
    if (heard.payload.height == view.height && random_.chance(700)) proposal.prepares.push_back(heard);
  proposal.proposal = make_signed(ProposalPayload{view.height, round, other}, *signatures_);
  return encode(Message(std::move(proposal)));
}

// At our turn in a later round: another block than the one that may have been committed, on a justification
// that is almost right.
std::vector<Bytes> Byzantine::forged_proposal(Proposal proposal) {
  BlockPtr block = another_block(*proposal.proposal.payload.block, 0);
  const View view = view_of(Message(proposal));
  const std::size_t quorum = proposal.round_changes.size();
  const auto own = [&](std::optional<Prepared> claim) {
    return make_signed(RoundChangePayload{view.height, view.round, claim}, *signatures_);
  };
  const auto is_ours = [&](const SignedRoundChange& change) {
    return signatures_->recover(change.signing_hash, change.signature) == *signatures_->self();
  };
  switch (random_.below(4)) {
    case 0:  // those who prepared something replaced by ourselves
      for (SignedRoundChange& change : proposal.round_changes)
        if (change.payload.prepared) change = own(std::nullopt);
      proposal.prepares.clear();
      block = fresh(*block);
      break;
    case 1:  // fewer than a quorum, none of whom prepared
      std::erase_if(proposal.round_changes,
                    [](const auto& change) { return change.payload.prepared.has_value(); });
      proposal.round_changes.push_back(own(std::nullopt));
      proposal.prepares.clear();
      block = fresh(*block);
      break;
    case 2: {  // a later claim of ours, with prepares of ours
      const Prepared claim{view.round - 1, *commit_seal_hash(block->header, view.round - 1)};
      std::erase_if(proposal.round_changes, [&](const SignedRoundChange& change) { return is_ours(change); });
      proposal.round_changes.push_back(own(claim));
      proposal.prepares = forged_prepares(view.height, claim, quorum);
      break;
    }
    default:  // another block than the one that was claimed
      break;
  }
  return with_support(std::move(proposal), block);
}

// Ours, repeated or with a broken signature.
std::vector<Prepare> Byzantine::forged_prepares(Height height, const Prepared& claim, std::size_t count) {
  std::vector<Prepare> prepares;
  for (std::size_t i = 0; i < count; ++i) {
    prepares.push_back(make_signed(PreparePayload{height, claim.round, claim.digest}, *signatures_));
    if (random_.chance(300)) prepares.back().signature.r[31] = static_cast<std::uint8_t>(random_.next());
  }
  return prepares;
}

// A round change that claims a block nobody prepared.
Bytes Byzantine::forged_claim(View view) {
  const BlockPtr block = another_block(*last_block_, 0);
  const Prepared claim{view.round - 1, *commit_seal_hash(block->header, view.round - 1)};
  SignedRoundChange change = make_signed(RoundChangePayload{view.height, view.round, claim}, *signatures_);
  return encode(Message(RoundChange{std::move(change), block, forged_prepares(view.height, claim, 3)}));
}

Bytes Byzantine::absurd_round_change(View view) {
  const Round round = std::min<Round>(kMaxRound, view.round + 1 + random_.below(kMaxRound));
  return encode(Message(RoundChange{
      make_signed(RoundChangePayload{view.height, round, std::nullopt}, *signatures_), nullptr, {}}));
}

}  // namespace aitbc::qbft::test
