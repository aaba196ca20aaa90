// Whether a proposal or a round change of the current height is justified by what it carries. Every signature
// in it is verified, and signers are counted, never signatures.
#pragma once

#include <optional>
#include <span>

#include "base/result.hpp"
#include "consensus/qbft/messages.hpp"
#include "consensus/qbft/validators.hpp"

namespace aitbc::qbft {

// What messages of one height are judged by. Refers to data of the engine; lives as long as one call.
struct HeightRules {
  const Header& parent;
  const Hash& parent_hash;
  const ValidatorSet& validators;
  const Signatures& signatures;
  Seconds gap = 0;  // header_rules.hpp
};

// Preconditions of both: the message decoded, its height is that after the parent, its author is
// authenticated and a validator. They set the authors of the messages inside. invalid_input or invalid_block
// with the reason when an honest validator would not have sent it.

// A proposal is its round's proposer's, with
//   round 0:                     no justification, coinbase = proposer;
//   later, nothing prepared:     a quorum of round changes, coinbase = proposer;
//   later, something prepared:   a quorum of round changes and the block of the highest prepared round among
//   them,
//                                proven by a quorum of prepares; its first proposer stays the coinbase.
// The block's header must be right; its content is not looked at. The result is its digest.
Result<Hash> justify(Proposal& proposal, const HeightRules& rules);

// A round change that claims a prepared block carries it and a quorum of prepares for it.
Result<void> justify(RoundChange& message, const HeightRules& rules);

// The claim of the highest prepared round, if any; fails when two claim different blocks for one round.
Result<std::optional<Prepared>> highest_prepared(std::span<const SignedRoundChange> round_changes);

}  // namespace aitbc::qbft
