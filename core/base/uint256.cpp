#include "base/uint256.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace aitbc {
namespace {
__extension__ using Wide = unsigned __int128;

// Decimal digits are taken as many at a time as one limb holds: a division costs the same for one as for all.
constexpr std::size_t kChunkDigits = 19;
constexpr std::uint64_t kChunk = 10'000'000'000'000'000'000U;  // 10^19
}  // namespace

Uint256 Uint256::from_be(ByteView bytes) {
  AITBC_CHECK(bytes.size() <= 32, "a 256-bit value has at most 32 bytes");
  std::array<std::uint8_t, 32> padded{};
  std::copy(bytes.begin(), bytes.end(), padded.end() - static_cast<std::ptrdiff_t>(bytes.size()));
  Uint256 out;
  for (std::size_t i = 0; i < 4; ++i) out.limbs_[i] = load_be64(padded.data() + 8 * i);
  return out;
}

std::array<std::uint8_t, 32> Uint256::to_be() const {
  std::array<std::uint8_t, 32> out{};
  for (std::size_t limb = 0; limb < 4; ++limb) store_be64(out.data() + 8 * limb, limbs_[limb]);
  return out;
}

std::size_t Uint256::byte_length() const {
  for (std::size_t i = 0; i < 4; ++i) {
    if (limbs_[i] == 0) continue;
    const auto bits = static_cast<std::size_t>(64 - __builtin_clzll(limbs_[i]));
    return (3 - i) * 8 + (bits + 7) / 8;
  }
  return 0;
}

std::optional<Uint256> Uint256::checked_add(const Uint256& a, const Uint256& b) {
  Uint256 out;
  Wide carry = 0;
  for (std::size_t i = 4; i-- > 0;) {
    carry += Wide{a.limbs_[i]} + b.limbs_[i];
    out.limbs_[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  if (carry != 0) return std::nullopt;
  return out;
}

std::optional<Uint256> Uint256::checked_mul(const Uint256& a, std::uint64_t factor) {
  Uint256 out;
  Wide carry = 0;
  for (std::size_t i = 4; i-- > 0;) {
    carry += Wide{a.limbs_[i]} * factor;
    out.limbs_[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  if (carry != 0) return std::nullopt;
  return out;
}

std::string Uint256::to_decimal() const {
  std::array<char, 5 * kChunkDigits> digits;  // 256 bits have 78
  std::size_t begin = digits.size();
  Uint256 rest = *this;
  do {
    Wide remainder = 0;
    for (std::uint64_t& limb : rest.limbs_) {
      const Wide value = remainder << 64 | limb;
      limb = static_cast<std::uint64_t>(value / kChunk);
      remainder = value % kChunk;
    }
    auto chunk = static_cast<std::uint64_t>(remainder);
    const bool is_leading = rest.is_zero();
    for (std::size_t i = 0; is_leading ? i == 0 || chunk != 0 : i < kChunkDigits; ++i) {
      digits[--begin] = static_cast<char>('0' + static_cast<int>(chunk % 10));
      chunk /= 10;
    }
  } while (!rest.is_zero());
  return {digits.data() + begin, digits.size() - begin};
}

std::optional<Uint256> Uint256::from_decimal(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Uint256 out;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), kChunkDigits))) {
    std::uint64_t scale = 1;
    std::uint64_t chunk = 0;
    for (const char c : text.substr(0, kChunkDigits)) {
      if (c < '0' || c > '9') return std::nullopt;
      scale *= 10;
      chunk = 10 * chunk + static_cast<std::uint64_t>(c - '0');
    }
    const auto scaled = checked_mul(out, scale);
    const auto sum = scaled ? checked_add(*scaled, Uint256(chunk)) : std::nullopt;
    if (!sum) return std::nullopt;
    out = *sum;
  }
  return out;
}

}  // namespace aitbc
