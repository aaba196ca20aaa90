// Which headers may follow which, and what makes one final.
#pragma once

#include "base/result.hpp"
#include "consensus/qbft/commit_proof.hpp"
#include "consensus/qbft/signatures.hpp"
#include "consensus/qbft/validators.hpp"
#include "types/header.hpp"

namespace aitbc::qbft {

// Every function answers invalid_block with the reason.

// The seconds that a block's timestamp must be above its parent's: whole seconds of the period, so blocks of
// a sub-second period may share a timestamp.
Seconds minimum_gap(std::uint64_t period_ms);

// What the header itself must be, whatever the round: links, time, constants, extra data in the hashed form
// with exactly these validators. Precondition: `validators` are those after `parent`.
Result<void> check_header(const Header& header, const Header& parent, const Hash& parent_hash,
                          const ValidatorSet& validators, Seconds gap);

// Whether the coinbase was the proposer of some round up to `round`: a block that was prepared keeps its
// first proposer as coinbase when a later round agrees on it.
Result<void> check_proposer(const Header& header, const Header& parent, const ValidatorSet& validators,
                            Round round);

// Whether the seals are of at least a quorum of distinct validators and of nobody else. Looks at no other
// block, so many headers can be checked at once.
Result<void> check_seals(const Header& header, const ValidatorSet& validators, const CommitProof& proof,
                         const Signatures& signatures);

}  // namespace aitbc::qbft
