// An unsigned 256-bit wire value: what Ethereum's formats carry. Arithmetic belongs to Amount.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace aitbc {

class Uint256 {
 public:
  constexpr Uint256() = default;
  constexpr Uint256(std::uint64_t low) : limbs_{0, 0, 0, low} {}  // NOLINT: every u64 is a Uint256
  // Most significant first.
  static constexpr Uint256 from_parts(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
    Uint256 out;
    out.limbs_ = {a, b, c, d};
    return out;
  }
  // Big-endian bytes, at most 32 of them (precondition); shorter ones are zero-extended.
  static Uint256 from_be(ByteView bytes);
  // 32 big-endian bytes.
  std::array<std::uint8_t, 32> to_be() const;

  constexpr auto operator<=>(const Uint256&) const = default;
  constexpr bool is_zero() const { return *this == Uint256{}; }
  constexpr bool fits_u64() const { return (limbs_[0] | limbs_[1] | limbs_[2]) == 0; }
  constexpr std::uint64_t low_u64() const { return limbs_[3]; }
  constexpr std::uint64_t limb(std::size_t most_significant_first) const {
    return limbs_[most_significant_first];
  }
  // Number of significant bytes, 0 for zero.
  std::size_t byte_length() const;

  // nullopt on overflow.
  static std::optional<Uint256> checked_add(const Uint256& a, const Uint256& b);
  static std::optional<Uint256> checked_mul(const Uint256& a, std::uint64_t factor);

  std::string to_decimal() const;
  // Digits only; nullopt when empty, not decimal or too large.
  static std::optional<Uint256> from_decimal(std::string_view text);

 private:
  std::array<std::uint64_t, 4> limbs_{};  // most significant first, so that <=> compares numerically
};

}  // namespace aitbc
