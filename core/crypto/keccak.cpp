#include "crypto/keccak.hpp"

#include <array>

#include "base/check.hpp"
#include "crypto/keccak_lanes.hpp"
#include "crypto/keccak_sponge.hpp"

namespace aitbc {
namespace keccak {
namespace {

#define AITBC_KECCAK_TARGET [[gnu::always_inline]]
#include "crypto/keccak_permutation.inc"
#undef AITBC_KECCAK_TARGET

void permute_portable(std::uint64_t* state) { keccak_f1600(state); }

struct VariantList {
  std::array<Variant, 4> all{};
  std::size_t size = 0;
  void add(const Variant& variant) { all[size++] = variant; }
};

VariantList detect() {
  VariantList out;
  out.add({"portable", 1, permute_portable});
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) out.add({"bmi", 1, permute_bmi});
  if (__builtin_cpu_supports("avx2")) out.add({"avx2", 4, permute_x4_avx2});
  if (__builtin_cpu_supports("avx512f")) out.add({"avx512", 8, permute_x8_avx512});
#endif
  return out;
}

struct Chosen {
  Variant single;
  Variant widest;
};

Chosen choose() {
  Chosen out{variants().front(), variants().back()};
  for (const Variant& variant : variants())
    if (variant.lanes == 1) out.single = variant;
  return out;
}

const Chosen& chosen() {
  static const Chosen value = choose();
  return value;
}

}  // namespace

std::span<const Variant> variants() {
  static const VariantList list = detect();
  return {list.all.data(), list.size};
}

}  // namespace keccak

Hash keccak256(ByteView input) { return keccak::hash_one(keccak::chosen().single.permute, input); }

void keccak256_batch(std::span<const ByteView> inputs, std::span<Hash> outputs) {
  AITBC_CHECK(inputs.size() == outputs.size(), "one digest per input");
  keccak::hash_many(keccak::chosen().widest, keccak::chosen().single, inputs, outputs);
}

}  // namespace aitbc
