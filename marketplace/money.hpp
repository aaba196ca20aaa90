// What things cost, and who gets what when work is over.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

// price * seconds / 3600, rounded up (to lock) or down (to pay). nullopt on overflow.
std::optional<Amount> cost_to_lock(Amount price_per_hour, Seconds seconds);
std::optional<Amount> cost_to_pay(Amount price_per_hour, Seconds seconds);
// amount * 3600 / seconds, rounded down: the price that a sum for a time comes to.
std::optional<Amount> cost_per_hour(Amount amount, Seconds seconds);

// Of what was not used, in basis points: all of it.
inline constexpr std::uint16_t kFullRefund = 10'000;

// The division of a booking's lock when it ends after `used` seconds.
struct Usage {
  Amount gross;  // for the time used
  Amount kept;   // for unused time, to the provider
};
Usage usage_at(const Booking& booking, Seconds used, std::uint16_t refund_bps);

// What left the contract when a piece of work was closed: paid + fee + refund == the lock.
struct Closing {
  Amount paid;    // to the provider
  Amount fee;     // to stakers and treasury
  Amount refund;  // to the customer
};
// Pays out `locked`: the provider gets usage.gross less the fee, and usage.kept; the customer the rest. The
// record's lock must be taken down in the same call. `provider` is changed, not saved.
Closing close_lock(Context& c, Provider& provider, const Address& customer, Amount locked, const Usage& usage,
                   const FeeRates& rates);
FeeRates current_rates(const Params& params);

}  // namespace aitbc::market
