// Records about providers: who they are, and the pool of money staked on them.
#pragma once

#include <string>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"
#include "marketplace/records_liveness.hpp"

namespace aitbc::market {

// One per address. The pool is divided into shares: a slash lowers what each share is worth. Unstaked shares
// stay in the pool, and may be slashed, until their delay is over; they earn nothing and do not count for the
// minimum stake.
struct Provider {
  static constexpr std::string_view kName = "Provider";
  Address account;
  ProviderNumber number;
  std::string name;
  std::string region;
  std::string endpoint;  // URI at which the provider's agent answers
  Seconds created_at = 0;
  std::uint64_t gpus = 0;  // not retired
  std::uint64_t listed_gpus = 0;
  std::uint64_t next_gpu_number = 0;  // in heartbeats
  Liveness liveness;
  // The pool.
  std::uint64_t stakers = 0;
  Amount staked;  // worth of all shares
  Amount shares;
  Amount unbonding_shares;
  Amount rewards;       // fees held for the stakers and not claimed yet
  Amount reward_index;  // reward per share since the beginning, times kRewardScale
  // What closed work says.
  std::uint64_t closed_bookings = 0;
  std::uint64_t faulted_bookings = 0;
  std::uint64_t evicted_bookings = 0;
  std::uint64_t closed_services = 0;
  std::uint64_t completed_jobs = 0;
  Amount earned;  // paid to the provider
  std::uint64_t reviews = 0;
  std::uint64_t rating_sum = 0;
  Amount weighted_rating;  // sum of rating * weight
  Amount rating_weight;    // sum of the weights

  static constexpr auto kFields = FlatTuple(
      field("account", &Provider::account), field("number", &Provider::number),
      field("name", &Provider::name), field("region", &Provider::region),
      field("endpoint", &Provider::endpoint), field("createdAt", &Provider::created_at),
      field("gpus", &Provider::gpus), field("listedGpus", &Provider::listed_gpus),
      field("nextGpuNumber", &Provider::next_gpu_number), field("liveness", &Provider::liveness),
      field("stakers", &Provider::stakers), field("staked", &Provider::staked),
      field("shares", &Provider::shares), field("unbondingShares", &Provider::unbonding_shares),
      field("rewards", &Provider::rewards), field("rewardIndex", &Provider::reward_index),
      field("closedBookings", &Provider::closed_bookings),
      field("faultedBookings", &Provider::faulted_bookings),
      field("evictedBookings", &Provider::evicted_bookings),
      field("closedServices", &Provider::closed_services), field("completedJobs", &Provider::completed_jobs),
      field("earned", &Provider::earned), field("reviews", &Provider::reviews),
      field("ratingSum", &Provider::rating_sum), field("weightedRating", &Provider::weighted_rating),
      field("ratingWeight", &Provider::rating_weight));

  // Money of the contract that belongs to this record.
  Amount held() const { return Amount::from_units(staked.units() + rewards.units()); }
};
inline constexpr uint128 kRewardScale = 1'000'000'000'000'000'000U;

// What one account has staked on one provider.
struct Stake {
  static constexpr std::string_view kName = "Stake";
  Address provider;
  Address staker;
  Amount shares;
  Amount claimed_index;  // the pool's reward_index up to which rewards were paid

  static constexpr auto kFields =
      FlatTuple(field("provider", &Stake::provider), field("staker", &Stake::staker),
                field("shares", &Stake::shares), field("claimedIndex", &Stake::claimed_index));
};

// Stake on its way back to the staker; paid out at available_at and then gone.
struct Unbonding {
  static constexpr std::string_view kName = "Unbonding";
  UnbondingId id;
  Address provider;
  Address staker;
  Amount shares;
  Seconds available_at = 0;

  static constexpr auto kFields =
      FlatTuple(field("id", &Unbonding::id), field("provider", &Unbonding::provider),
                field("staker", &Unbonding::staker), field("shares", &Unbonding::shares),
                field("availableAt", &Unbonding::available_at));
};

}  // namespace aitbc::market
