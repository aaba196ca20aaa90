// Sums and counts over all records, kept as they change.
#pragma once

#include "base/amount.hpp"
#include "marketplace/fields.hpp"

namespace aitbc::market {

struct Totals {
  static constexpr std::string_view kName = "Totals";
  Amount held;    // equals the contract's balance: every lock, stake and unclaimed reward
  Amount fees;    // charged so far
  Amount paid;    // to providers so far
  Amount burned;  // slashed and destroyed so far
  Amount minted;  // for compute receipts so far
  std::uint64_t providers = 0;
  std::uint64_t watched_providers = 0;  // that send heartbeats and are not absent
  std::uint64_t gpus = 0;               // not retired
  std::uint64_t listed_gpus = 0;
  std::uint64_t open_bookings = 0;
  std::uint64_t open_bids = 0;
  std::uint64_t open_services = 0;  // not final
  std::uint64_t open_offers = 0;    // not closed
  std::uint64_t open_disputes = 0;
  std::uint64_t open_jobs = 0;  // queued or running
  std::uint64_t open_auctions = 0;
  std::uint64_t open_proposals = 0;  // voting or waiting to take effect
  std::uint64_t deadlines = 0;       // entries of the time index

  bool operator==(const Totals&) const = default;
  static constexpr auto kFields =
      FlatTuple(field("held", &Totals::held), field("fees", &Totals::fees), field("paid", &Totals::paid),
                field("burned", &Totals::burned), field("minted", &Totals::minted),
                field("providers", &Totals::providers), field("watchedProviders", &Totals::watched_providers),
                field("gpus", &Totals::gpus), field("listedGpus", &Totals::listed_gpus),
                field("openBookings", &Totals::open_bookings), field("openBids", &Totals::open_bids),
                field("openServices", &Totals::open_services), field("openOffers", &Totals::open_offers),
                field("openDisputes", &Totals::open_disputes), field("openJobs", &Totals::open_jobs),
                field("openAuctions", &Totals::open_auctions),
                field("openProposals", &Totals::open_proposals), field("deadlines", &Totals::deadlines));
};

}  // namespace aitbc::market
