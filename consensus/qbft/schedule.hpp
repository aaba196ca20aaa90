// When things are due.
#pragma once

#include "consensus/engine.hpp"
#include "consensus/qbft/round.hpp"

namespace aitbc::qbft {

struct Schedule {
  consensus::Duration block_period{1000};
  // How long to wait before a block without content; 0 or below block_period: as long as for any other.
  consensus::Duration empty_block_period{0};
  // The first round's timeout; each later round's is twice as long, up to the maximum (or to the first one's,
  // where that is longer already).
  consensus::Duration request_timeout{2000};
  consensus::Duration max_round_timeout{30'000};
};

// When the first proposal after `parent` is due. Periods of whole seconds are measured from the parent's
// timestamp, which all validators share. Timestamps cannot tell shorter steps apart, so other periods are
// measured from `parent_began`, the moment this node began to work on the parent.
consensus::TimePoint earliest_proposal(const Schedule& schedule, Seconds parent_timestamp,
                                       consensus::TimePoint parent_began);
// When a proposal without content is due; never before `earliest`.
consensus::TimePoint earliest_empty_proposal(const Schedule& schedule, Seconds parent_timestamp,
                                             consensus::TimePoint parent_began);

consensus::Duration round_timeout(const Schedule& schedule, Round round);

// The timestamp for a block built at `now`.
Seconds block_timestamp(const Schedule& schedule, Seconds parent_timestamp, consensus::TimePoint now);
// Whether a block's timestamp is at most a second ahead of our clock.
bool is_due(Seconds timestamp, consensus::TimePoint now);

}  // namespace aitbc::qbft
