// What must hold between all records of the marketplace.
#pragma once

#include "base/result.hpp"
#include "execution/state_view.hpp"

namespace aitbc::market {

// Walks the whole storage and recounts it; an Error (corruption) names the first thing that does not add up.
// Memory grows with the number of providers, GPUs and stakes, not of bookings and bids.
Result<void> recount(const StateView& state, Seconds now);

}  // namespace aitbc::market
