// Heartbeats, and what the silence of a provider leads to: its active bookings end and are refunded, its pool
// is slashed for its customers, and it is jailed when that goes on.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// ---- calls
// `down`: bit i says that the provider's GPU number i does not work; empty when all do. `recent_block`: the
// hash of one of the last 256 blocks, so that heartbeats cannot be made in advance.
Outcome<void> heartbeat(Context& c, const Bytes& down, const Hash& recent_block);

// ---- views
Outcome<Outage> get_outage(Context& c, OutageId id);

// ---- for the rest of the module
// Fails with OutageBeingClosed while the bookings that a silence ended are not closed yet, which happens at
// the end of the block in which it is noticed, or soon after.
Outcome<void> check_no_outage(const Context& c, const Provider& provider);
// No heartbeat came in time.
void provider_due(Context& c, ProviderNumber number);
// The next step of an outage; each costs about as much as closing one booking.
void outage_due(Context& c, OutageId id);

}  // namespace aitbc::market
