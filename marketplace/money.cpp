#include "marketplace/money.hpp"

namespace aitbc::market {
namespace {

constexpr uint128 kSecondsPerHour = 3'600;

Amount share_floor(Amount amount, std::uint16_t bps) {
  const auto out = mul_div_floor(amount, bps, kBpsScale);
  AITBC_CHECK(out.has_value(), "a share exceeds its whole");
  return *out;
}

// Credits the stakers with `amount`; false when nobody is there to share it.
bool credit_pool(Provider& provider, Amount amount) {
  if (amount.is_zero() || provider.shares.is_zero()) return false;
  const auto per_share = mul_div_floor(amount, kRewardScale, provider.shares.units());
  const auto index = per_share ? checked_add(provider.reward_index, *per_share) : std::nullopt;
  if (!index) return false;
  provider.reward_index = *index;
  provider.rewards = sum(provider.rewards, amount);
  return true;
}

}  // namespace

std::optional<Amount> cost_to_lock(Amount price_per_hour, Seconds seconds) {
  return mul_div_ceil(price_per_hour, seconds, kSecondsPerHour);
}

std::optional<Amount> cost_to_pay(Amount price_per_hour, Seconds seconds) {
  return mul_div_floor(price_per_hour, seconds, kSecondsPerHour);
}

std::optional<Amount> cost_per_hour(Amount amount, Seconds seconds) {
  return mul_div_floor(amount, kSecondsPerHour, seconds);
}

Usage usage_at(const Booking& booking, Seconds used, std::uint16_t refund_bps) {
  const auto whole = cost_to_pay(booking.price_per_hour, booking.end - booking.start);
  const auto gross = cost_to_pay(booking.price_per_hour, used);
  AITBC_CHECK(whole && gross && *whole <= booking.locked, "a booking locks less than it costs");
  const Amount unused = difference(*whole, *gross);
  return {*gross, share_floor(unused, static_cast<std::uint16_t>(kBpsScale - refund_bps))};
}

Closing close_lock(Context& c, Provider& provider, const Address& customer, Amount locked, const Usage& usage,
                   const FeeRates& rates) {
  Closing out;
  out.fee = share_floor(usage.gross, rates.take_bps);
  out.paid = sum(difference(usage.gross, out.fee), usage.kept);
  out.refund = difference(locked, sum(out.paid, out.fee));
  const Amount pool = share_floor(out.fee, rates.pool_bps);
  pay(c, provider.account, out.paid);
  pay(c, c.params.treasury, credit_pool(provider, pool) ? difference(out.fee, pool) : out.fee);
  pay(c, customer, out.refund);
  provider.earned = sum(provider.earned, out.paid);
  c.totals.paid = sum(c.totals.paid, out.paid);
  c.totals.fees = sum(c.totals.fees, out.fee);
  return out;
}

FeeRates current_rates(const Params& params) { return {params.take_bps, params.pool_bps}; }

}  // namespace aitbc::market
