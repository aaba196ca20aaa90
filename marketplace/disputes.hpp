// Disputes: a customer freezes what it contests, arbitrators divide it, and silence pays by the record.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// ---- calls
// On an active booking (which ends now) or an assigned or delivered service. `contested` is what the provider
// would get of it; 0: all of that. The bond comes back unless the arbitrators give most of it to the
// provider.
Outcome<DisputeId> open_dispute(Context& c, std::uint8_t subject_kind, std::uint64_t subject,
                                Amount contested, Amount bond, const Hash& evidence_digest,
                                const std::string& evidence_uri);
// By an arbitrator: the customer's share of what is contested. The quorum's last vote decides, by the median.
Outcome<void> vote_dispute(Context& c, DisputeId id, std::uint16_t customer_bps);

// ---- views
struct DisputeView {
  static constexpr std::string_view kName = "DisputeView";
  Dispute dispute;
  DisputeState state = DisputeState::open;
  static constexpr auto kFields =
      FlatTuple(field("dispute", &DisputeView::dispute), field("state", &DisputeView::state));
};
Outcome<DisputeView> get_dispute(Context& c, DisputeId id);

// ---- for the rest of the module
void dispute_due(Context& c, DisputeId id);

}  // namespace aitbc::market
