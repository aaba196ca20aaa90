// EIP-1559.
#include <algorithm>

#include "execution/transition.hpp"

namespace aitbc {
namespace {

// base_fee * excess / target / denominator, rounded down after each division as the EIP has it. What does not
// fit saturates: it is only ever clamped or added.
Amount change_of(const ChainRules& rules, Amount base_fee, Gas excess, Gas target) {
  const Amount scaled = mul_div_floor(base_fee, excess, target).value_or(Amount::max());
  return Amount::from_units(scaled.units() / std::max<std::uint64_t>(rules.base_fee_denominator, 1));
}

}  // namespace

Amount next_base_fee(const ChainRules& rules, Gas parent_gas_limit, Gas parent_gas_used,
                     Amount parent_base_fee) {
  if (rules.zero_base_fee) return Amount{};
  const Gas target = parent_gas_limit / std::max<std::uint64_t>(rules.elasticity, 1);
  Amount next = parent_base_fee;
  if (target != 0 && parent_gas_used > target) {
    const Amount rise =
        std::max(change_of(rules, parent_base_fee, parent_gas_used - target, target), Amount(1));
    next = checked_add(parent_base_fee, rise).value_or(Amount::max());
  } else if (target != 0 && parent_gas_used < target) {
    const Amount fall = change_of(rules, parent_base_fee, target - parent_gas_used, target);
    next = checked_sub(parent_base_fee, fall).value_or(Amount{});
  }
  return std::max(next, rules.min_base_fee);
}

}  // namespace aitbc
