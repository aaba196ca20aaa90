// Providers and the money staked on them.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// ---- calls
Outcome<void> register_provider(Context& c, const std::string& name, const std::string& region,
                                const std::string& endpoint);
Outcome<void> update_provider(Context& c, const std::string& name, const std::string& region,
                              const std::string& endpoint);
Outcome<void> stake(Context& c, const Address& provider, Amount amount);
Outcome<UnbondingId> unstake(Context& c, const Address& provider, Amount amount);
Outcome<Amount> claim_rewards(Context& c, const Address& provider);

// ---- views
struct StakeView {
  static constexpr std::string_view kName = "StakeView";
  Amount staked;   // worth of the shares now
  Amount rewards;  // that could be claimed now
  static constexpr auto kFields =
      FlatTuple(field("staked", &StakeView::staked), field("rewards", &StakeView::rewards));
};
Outcome<Provider> get_provider(Context& c, const Address& account);
Outcome<StakeView> get_stake(Context& c, const Address& provider, const Address& staker);

// ---- for the rest of the module
// The caller's provider record, made when it is missing: offering something is registration enough.
Provider provider_of_caller(Context& c);
// For providers that other records name.
Provider existing_provider(Context& c, const Address& account);
// Worth of the shares that count for the minimum stake.
Amount active_stake(const Provider& provider);
void finish_unbonding(Context& c, UnbondingId id);

}  // namespace aitbc::market
