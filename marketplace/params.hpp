// The rules that a chain chooses in its genesis file.
#pragma once

#include <string_view>

#include "base/amount.hpp"
#include "base/result.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/records_dispute.hpp"

namespace aitbc::market {

struct Params {
  static constexpr std::string_view kName = "Params";
  // Receives the fees that no stakers share: 0x...a17bfe, the base fees' account of the devnet, unless set.
  Address treasury = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xa1, 0x7b, 0xfe}};
  Amount min_stake = Amount::ait(100);   // on a provider, for its GPUs to be listed
  Seconds unbonding_time = 7 * 86'400;   // until unstaked money is back
  std::uint16_t take_bps = 250;          // fee on what is paid for use
  std::uint16_t pool_bps = 2'000;        // of the fee, to the provider's stakers
  std::uint16_t min_refund_bps = 5'000;  // of unused time, at an early release
  Seconds max_booking = 8'760 * 3'600;   // longest booking: 8760 hours
  Seconds max_advance = 365 * 86'400;    // how far ahead a booking may start
  Seconds default_bid_ttl = 7 * 86'400;
  Seconds max_bid_ttl = 30 * 86'400;
  Seconds default_delivery = 7 * 86'400;  // of an assigned service
  Seconds max_delivery = 90 * 86'400;
  Seconds default_listing = 90 * 86'400;  // of an open service
  Seconds max_listing = 365 * 86'400;
  Seconds acceptance_time = 3 * 86'400;  // silence after delivery settles
  Seconds heartbeat_grace = 3'600;       // silence of a watched provider until it counts as absent
  bool heartbeat_required = false;       // providers that never sent a heartbeat count as absent
  Seconds outage_window = 600;           // silences this close together are one event
  std::uint16_t slash_bps = 100;         // of the pool, for an outage that took bookings with it
  std::uint64_t faults_to_jail = 3;      // slashes, each within fault_memory of the last
  Seconds fault_memory = 30 * 86'400;
  Seconds jail_time = 86'400;
  Seconds eviction_notice = 300;  // to an interruptible booking
  Amount min_dispute_bond = Amount::ait(1);
  Seconds dispute_time = 7 * 86'400;  // for arbitrators to decide
  Seconds default_job_ttl = 86'400;
  Seconds max_job_ttl = 30 * 86'400;
  Amount mint_per_unit{1'000};          // of attested work
  std::uint16_t coordinator_bps = 500;  // of what is minted, to the coordinators who attested
  Seconds price_epoch = 86'400;         // of the price index
  Seconds default_auction = 86'400;     // lifetime
  Seconds proposal_time = 7 * 86'400;   // to find a majority
  Seconds governance_delay = 86'400;    // from the majority to the effect
  std::uint64_t max_closings_per_block = 512;

  static constexpr auto kFields = FlatTuple(
      field("treasury", &Params::treasury), field("minStake", &Params::min_stake),
      field("unbondingTime", &Params::unbonding_time), field("takeBps", &Params::take_bps),
      field("poolBps", &Params::pool_bps), field("minRefundBps", &Params::min_refund_bps),
      field("maxBooking", &Params::max_booking), field("maxAdvance", &Params::max_advance),
      field("defaultBidTtl", &Params::default_bid_ttl), field("maxBidTtl", &Params::max_bid_ttl),
      field("defaultDelivery", &Params::default_delivery), field("maxDelivery", &Params::max_delivery),
      field("defaultListing", &Params::default_listing), field("maxListing", &Params::max_listing),
      field("acceptanceTime", &Params::acceptance_time), field("heartbeatGrace", &Params::heartbeat_grace),
      field("heartbeatRequired", &Params::heartbeat_required), field("outageWindow", &Params::outage_window),
      field("slashBps", &Params::slash_bps), field("faultsToJail", &Params::faults_to_jail),
      field("faultMemory", &Params::fault_memory), field("jailTime", &Params::jail_time),
      field("evictionNotice", &Params::eviction_notice), field("minDisputeBond", &Params::min_dispute_bond),
      field("disputeTime", &Params::dispute_time), field("defaultJobTtl", &Params::default_job_ttl),
      field("maxJobTtl", &Params::max_job_ttl), field("mintPerUnit", &Params::mint_per_unit),
      field("coordinatorBps", &Params::coordinator_bps), field("priceEpoch", &Params::price_epoch),
      field("defaultAuction", &Params::default_auction), field("proposalTime", &Params::proposal_time),
      field("governanceDelay", &Params::governance_delay),
      field("maxClosingsPerBlock", &Params::max_closings_per_block));
};

// Whether parameters make sense together.
Result<void> check_params(const Params& params);

struct GenesisSection {
  Params params;
  Roles roles;
};
// From the genesis file's marketplace section: a JSON object with any of the field names of both. Amounts are
// decimal strings of base units, times whole seconds, addresses as everywhere. Unknown names and
// values that make no sense are refused by name.
Result<GenesisSection> parse_genesis(std::string_view json);

}  // namespace aitbc::market
