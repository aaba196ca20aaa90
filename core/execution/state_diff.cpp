#include "execution/state_diff.hpp"

namespace aitbc {

bool conserves_money(const StateDiff& diff) {
  // Modulo 2^128, which is exact here: each side is below 2^128 when the supply is, and supplies that wrapped
  // could not have been reached through checked additions.
  uint128 before = diff.minted.units();
  uint128 after = diff.burned.units();
  for (const AccountChange& change : diff.accounts) {
    if (change.before) before += change.before->balance.units();
    if (change.after) after += change.after->balance.units();
  }
  return before == after;
}

}  // namespace aitbc
