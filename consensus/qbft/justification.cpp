#include "consensus/qbft/justification.hpp"

#include <map>
#include <vector>

#include "consensus/qbft/header_forms.hpp"
#include "consensus/qbft/header_rules.hpp"

namespace aitbc::qbft {
namespace {

Result<void> require(bool condition, const char* reason) {
  if (!condition) return fail(ErrorCode::invalid_input, std::string("qbft: ") + reason);
  return {};
}

// Recovers each author; fails unless they are at least a quorum of distinct validators. Sizes are judged
// first, since recovery is what costs.
template <class Payload>
Result<void> check_signers(std::vector<Signed<Payload>>& messages, const HeightRules& rules) {
  AITBC_TRY(require(messages.size() >= rules.validators.quorum(), "a justification is below the quorum"));
  AITBC_TRY(require(messages.size() <= rules.validators.size(), "a justification has too many messages"));
  std::vector<bool> seen(rules.validators.size(), false);
  for (Signed<Payload>& message : messages) {
    AITBC_TRY(require(authenticate(message, rules.signatures), "a justification has a bad signature"));
    const std::optional<std::size_t> index = rules.validators.index_of(message.author);
    AITBC_TRY(require(index.has_value(), "a justification is signed by no validator"));
    AITBC_TRY(require(!seen[*index], "a justification has one author twice"));
    seen[*index] = true;
  }
  return {};
}

Result<void> check_prepares(std::vector<Prepare>& prepares, Height height, const Prepared& claim,
                            const HeightRules& rules) {
  for (const Prepare& prepare : prepares) {
    const bool matches = prepare.payload.height == height && prepare.payload.round == claim.round &&
                         prepare.payload.digest == claim.digest;
    AITBC_TRY(require(matches, "a prepare in a justification is for something else"));
  }
  return check_signers(prepares, rules);
}

Result<void> check_round_changes(std::vector<SignedRoundChange>& round_changes, View view,
                                 const HeightRules& rules) {
  for (const SignedRoundChange& change : round_changes) {
    const bool matches = change.payload.height == view.height && change.payload.round == view.round;
    AITBC_TRY(require(matches, "a round change in a proposal is for something else"));
  }
  return check_signers(round_changes, rules);
}

// The digest of `block` in the round of the claim must be the claimed one.
Result<void> check_claim(const UnrecoveredBlock& block, const Prepared& claim) {
  AITBC_ASSIGN(const Hash digest, commit_seal_hash(block.header, claim.round));
  return require(digest == claim.digest, "a block is not the one that was prepared");
}

Result<void> check_basis(Proposal& proposal, const HeightRules& rules) {
  const ProposalPayload& payload = proposal.proposal.payload;
  const Header& header = payload.block->header;
  const bool is_own = header.coinbase == proposal.proposal.author;
  if (payload.round == 0) {
    AITBC_TRY(require(proposal.round_changes.empty() && proposal.prepares.empty(),
                      "a proposal for round 0 carries a justification"));
    return require(is_own, "a fresh block has another coinbase than its proposer");
  }
  AITBC_TRY(check_round_changes(proposal.round_changes, {payload.height, payload.round}, rules));
  AITBC_ASSIGN(const std::optional<Prepared> claim, highest_prepared(proposal.round_changes));
  if (!claim) {
    AITBC_TRY(require(proposal.prepares.empty(), "a proposal carries prepares for nothing"));
    return require(is_own, "a fresh block has another coinbase than its proposer");
  }
  AITBC_TRY(check_claim(*payload.block, *claim));
  AITBC_TRY(check_prepares(proposal.prepares, payload.height, *claim, rules));
  return check_proposer(header, rules.parent, rules.validators, claim->round);
}

}  // namespace

Result<std::optional<Prepared>> highest_prepared(std::span<const SignedRoundChange> round_changes) {
  std::map<Round, Hash> claims;
  for (const SignedRoundChange& change : round_changes) {
    if (!change.payload.prepared) continue;
    const auto [at, is_new] = claims.emplace(change.payload.prepared->round, change.payload.prepared->digest);
    AITBC_TRY(require(is_new || at->second == change.payload.prepared->digest,
                      "round changes claim two prepared blocks for one round"));
  }
  if (claims.empty()) return std::optional<Prepared>();
  return std::optional<Prepared>(Prepared{claims.rbegin()->first, claims.rbegin()->second});
}

Result<Hash> justify(Proposal& proposal, const HeightRules& rules) {
  const ProposalPayload& payload = proposal.proposal.payload;
  const Header& header = payload.block->header;
  AITBC_TRY(
      require(proposal.proposal.author == rules.validators.proposer(rules.parent.coinbase, payload.round),
              "a proposal is not by its round's proposer"));
  AITBC_TRY(check_header(header, rules.parent, rules.parent_hash, rules.validators, rules.gap));
  AITBC_TRY(check_basis(proposal, rules));
  return commit_seal_hash(header, payload.round);
}

Result<void> justify(RoundChange& message, const HeightRules& rules) {
  const RoundChangePayload& payload = message.round_change.payload;
  if (!payload.prepared) return {};
  AITBC_TRY(check_claim(*message.block, *payload.prepared));
  return check_prepares(message.prepares, payload.height, *payload.prepared, rules);
}

}  // namespace aitbc::qbft
