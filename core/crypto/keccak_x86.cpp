// The permutation for the instruction sets of x86-64 processors; variants() asks the processor before any of
// these runs.
#include "crypto/keccak_lanes.hpp"

#if defined(__x86_64__)

namespace aitbc::keccak {
namespace {

// may_alias: the states are plain words to everybody else.
using FourLanes [[gnu::vector_size(32), gnu::may_alias]] = std::uint64_t;
using EightLanes [[gnu::vector_size(64), gnu::may_alias]] = std::uint64_t;

namespace bmi {
#define AITBC_KECCAK_TARGET [[gnu::target("bmi,bmi2"), gnu::always_inline]]
#include "crypto/keccak_permutation.inc"
#undef AITBC_KECCAK_TARGET
}  // namespace bmi

namespace avx2 {
#define AITBC_KECCAK_TARGET [[gnu::target("avx2"), gnu::always_inline]]
#include "crypto/keccak_permutation.inc"
#undef AITBC_KECCAK_TARGET
}  // namespace avx2

namespace avx512 {
#define AITBC_KECCAK_TARGET [[gnu::target("avx512f"), gnu::always_inline]]
#include "crypto/keccak_permutation.inc"
#undef AITBC_KECCAK_TARGET
}  // namespace avx512

}  // namespace

// BMI gives chi its and-not in one instruction, and rotates that leave the flags alone.
[[gnu::target("bmi,bmi2")]] void permute_bmi(std::uint64_t* state) { bmi::keccak_f1600(state); }

[[gnu::target("avx2")]] void permute_x4_avx2(std::uint64_t* state) {
  avx2::keccak_f1600(reinterpret_cast<FourLanes*>(state));
}

[[gnu::target("avx512f")]] void permute_x8_avx512(std::uint64_t* state) {
  avx512::keccak_f1600(reinterpret_cast<EightLanes*>(state));
}

}  // namespace aitbc::keccak

#endif
