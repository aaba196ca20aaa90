#include "marketplace/compensation.hpp"

namespace aitbc::market {
namespace {

// The first in storage; divided ones come after the others, in the order in which odd units are given out.
std::optional<Harm> first_harm(Context& c, OutageId outage) {
  const Key prefix = Key('h').be64(outage.value);
  const auto entry = c.state.lower_bound(kContract, prefix);
  require_readable(c.state);
  if (!entry || !starts_with(entry->key, prefix)) return std::nullopt;
  Harm harm;
  AITBC_CHECK(decode_record(entry->value, harm), "a stored marketplace record does not decode");
  return harm;
}

}  // namespace

void note_harm(Context& c, Outage& outage, const Booking& booking, Amount loss) {
  if (loss.is_zero()) return;
  outage.losses = sum(outage.losses, loss);
  save(c, Harm{outage.id, booking.id, booking.refund_to, loss, {}, {}});
}

bool divide_next(Context& c, Outage& outage) {
  auto harm = first_harm(c, outage.id);
  if (!harm || !harm->rank.is_zero()) return false;
  erase(c, *harm);
  const auto share = mul_div_floor(outage.slashed, harm->loss.units(), outage.losses.units());
  AITBC_CHECK(share.has_value(), "a loss exceeds all losses");
  // Modulo 2^128, which holds the remainder.
  const uint128 remainder =
      outage.slashed.units() * harm->loss.units() - share->units() * outage.losses.units();
  harm->share = *share;
  harm->rank = Amount::from_units(Amount::max().units() - remainder);
  outage.left_over = difference(outage.left_over, *share);
  save(c, *harm);
  return true;
}

bool compensate_next(Context& c, Outage& outage) {
  const auto harm = first_harm(c, outage.id);
  if (!harm) return false;
  erase(c, *harm);
  Amount amount = outage.slashed >= outage.losses ? harm->loss : harm->share;
  if (!outage.left_over.is_zero()) {
    outage.left_over = difference(outage.left_over, Amount(1));
    amount = sum(amount, Amount(1));
  }
  outage.compensated = sum(outage.compensated, amount);
  pay(c, harm->customer, amount);
  if (!amount.is_zero())
    emit<"CustomerCompensated">(c.logs, outage.id, harm->booking, harm->customer, amount);
  return true;
}

}  // namespace aitbc::market
