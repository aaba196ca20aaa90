// What happens by itself: starts, ends and expiries, in order of time.
#pragma once

#include "execution/module.hpp"

namespace aitbc::market {

// Processes due entries of the time index, at most Params::max_closings_per_block. The amounts do not depend
// on the block in which that happens.
void close_due(State& state, const BlockContext& block, Logs& logs);
std::optional<Seconds> earliest_deadline(const StateView& state);
// How many entries are due at `now`, counting no further than `limit`.
std::uint64_t count_due(const StateView& state, Seconds now, std::uint64_t limit);

}  // namespace aitbc::market
