// Rounds: attempts to agree on a block at one height.
#pragma once

#include <cstddef>
#include <cstdint>

namespace aitbc::qbft {

using Round = std::uint64_t;

// No honest node gets here: with the timeouts capped at 30 s it would take a year at one height. Greater
// rounds are malformed, so that a forged number can neither exhaust memory nor overflow.
inline constexpr Round kMaxRound = 1U << 20;

// Bounds every list of validators, seals and justifications before anything is done with it.
inline constexpr std::size_t kMaxValidators = 1000;

}  // namespace aitbc::qbft
