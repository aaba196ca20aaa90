// Keccak-f[1600] per instruction set: one state at a time, or several interleaved. Internal to keccak256 and
// keccak256_batch; public only so that tests can compare every variant that the processor has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace aitbc::keccak {

// Permutes `lanes` independent states in place. Word i of state n is at state[i * lanes + n]; state is
// aligned to 64 bytes and holds 25 * lanes words.
using Permute = void (*)(std::uint64_t* state);

inline constexpr std::size_t kMaxLanes = 8;

struct Variant {
  const char* name;
  std::size_t lanes;  // 1, 4 or 8
  Permute permute;
};

// Those that this processor can run, slowest first for each number of lanes. The first is the portable one.
std::span<const Variant> variants();

#if defined(__x86_64__)
void permute_bmi(std::uint64_t* state);
void permute_x4_avx2(std::uint64_t* state);
void permute_x8_avx512(std::uint64_t* state);
#endif

}  // namespace aitbc::keccak
