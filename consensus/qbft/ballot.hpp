// The state of agreement at one height. Plain data: the rules that move it are the engine's.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "consensus/engine.hpp"
#include "consensus/qbft/messages.hpp"
#include "consensus/qbft/vote_tally.hpp"
#include "consensus/qbft/wal_record.hpp"

namespace aitbc::qbft {

// The latest message of each kind from one validator. A later round's replaces an earlier one's, which bounds
// what a faulty validator can make others keep, and costs nothing: an honest sender has left the earlier
// round.
struct LatestOf {
  std::optional<Prepare> prepare;
  std::optional<Commit> commit;
  std::optional<RoundChange> round_change;
};

// The proposal accepted in the current round.
struct Accepted {
  BlockPtr block;
  Hash block_hash;
  Hash digest;
  std::optional<consensus::PeerId> peer;  // absent when it is our own
  Bytes to_relay;                         // until it was relayed
};

struct Ballot {
  Ballot(Header parent_header, const Hash& hash_of_parent,
         std::shared_ptr<const VoteTally> tally_after_parent);

  const ValidatorSet& validators() const { return tally->validators(); }
  const Address& proposer() const { return validators().proposer(parent.coinbase, round); }

  // How many validators' latest message meets a condition.
  std::size_t count_prepares(const Prepared& what) const;
  std::size_t count_commits(const Prepared& what) const;
  std::size_t count_round_changes_from(Round least) const;
  std::vector<Prepare> prepares_for(const Prepared& what) const;
  std::vector<Signature> seals_for(const Prepared& what) const;  // ascending by signer
  std::vector<const RoundChange*> round_changes_to(Round target) const;
  // The highest round that more than F of the others have reached or passed: at least one of them is honest.
  Round round_reached_by_others(std::size_t self) const;

  Header parent;
  Hash parent_hash;
  Height height;
  std::shared_ptr<const VoteTally> tally;  // after the parent
  std::optional<std::size_t> self;         // our index among the validators, if we may vote at this height

  consensus::TimePoint earliest;    // the block timer: no proposal of ours before
  consensus::TimePoint idle_until;  // an empty block may be proposed from then on
  bool has_work = false;
  std::optional<consensus::TimePoint> awake_since;  // when round 0 began in earnest

  Round round = 0;
  std::optional<Accepted> accepted;
  SignedDigests sent;         // in `round`
  bool build_failed = false;  // in `round`
  std::optional<Lock> lock;
  std::vector<LatestOf> latest;  // by validator index
  bool decided = false;          // CommitBlock was asked for; the new head is awaited
};

}  // namespace aitbc::qbft
