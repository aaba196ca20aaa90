#include "crypto/keccak.hpp"

#include <array>

#include "base/check.hpp"
#include "crypto/keccak_lanes.hpp"

namespace aitbc {
namespace keccak {
namespace {
#define AITBC_KECCAK_TARGET
#include "crypto/keccak_permutation.inc"
#undef AITBC_KECCAK_TARGET
}  // namespace
}  // namespace keccak

namespace {

constexpr std::size_t kRate = 136;  // bytes absorbed per permutation

std::uint64_t load_le64(const std::uint8_t* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, 8);
  return word;
}

void absorb(std::uint64_t* state, const std::uint8_t* block) {
  for (std::size_t i = 0; i < kRate / 8; ++i) state[i] ^= load_le64(block + 8 * i);
}

}  // namespace

Hash keccak256(ByteView input) {
  std::array<std::uint64_t, 25> state{};
  while (input.size() >= kRate) {
    absorb(state.data(), input.data());
    keccak::keccak_f1600<std::uint64_t>(state.data());
    input = input.subspan(kRate);
  }
  std::array<std::uint8_t, kRate> last{};
  if (!input.empty()) std::memcpy(last.data(), input.data(), input.size());
  last[input.size()] = 0x01;
  last[kRate - 1] |= 0x80;
  absorb(state.data(), last.data());
  keccak::keccak_f1600<std::uint64_t>(state.data());
  Hash out;
  std::memcpy(out.data(), state.data(), Hash::size());
  return out;
}

void keccak256_batch(std::span<const ByteView> inputs, std::span<Hash> outputs) {
  AITBC_CHECK(inputs.size() == outputs.size(), "one digest per input");
  for (std::size_t i = 0; i < inputs.size(); ++i) outputs[i] = keccak256(inputs[i]);
}

}  // namespace aitbc
