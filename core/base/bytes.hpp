// Byte sequences: owned, borrowed, and of fixed size.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "base/keyed_hash.hpp"

namespace aitbc {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::optional<ByteView> view_of(const std::optional<Bytes>& bytes) {
  return bytes ? std::optional<ByteView>(*bytes) : std::nullopt;
}
inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }
inline void append(Bytes& out, ByteView tail) { out.insert(out.end(), tail.begin(), tail.end()); }
inline bool equal(ByteView a, ByteView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }
// Lexicographic order of unsigned bytes, the order of every Store.
inline std::strong_ordering compare(ByteView a, ByteView b) {
  const std::size_t shared = std::min(a.size(), b.size());
  const int order = shared == 0 ? 0 : std::memcmp(a.data(), b.data(), shared);
  if (order != 0) return order < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
  return a.size() <=> b.size();
}
inline bool starts_with(ByteView bytes, ByteView prefix) {
  return bytes.size() >= prefix.size() && equal(bytes.first(prefix.size()), prefix);
}

// N bytes with value semantics and lexicographic order. Tag keeps a hash from passing for another one.
template <std::size_t N, class Tag>
struct FixedBytes {
  static constexpr std::size_t kSize = N;
  std::array<std::uint8_t, N> bytes{};

  constexpr auto operator<=>(const FixedBytes&) const = default;
  // The default one calls a function to compare; with the size known here, a few words are compared in place.
  constexpr bool operator==(const FixedBytes& other) const {
    return __builtin_memcmp(bytes.data(), other.bytes.data(), N) == 0;
  }
  constexpr std::uint8_t* data() { return bytes.data(); }
  constexpr const std::uint8_t* data() const { return bytes.data(); }
  static constexpr std::size_t size() { return N; }
  ByteView view() const { return bytes; }
  operator ByteView() const { return bytes; }  // NOLINT(google-explicit-constructor): a view loses nothing
  constexpr bool is_zero() const {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
  }
  // Precondition: view.size() == N.
  static FixedBytes from(ByteView view) {
    AITBC_CHECK(view.size() == N, "a value of fixed size is made of that many bytes");
    FixedBytes out;
    std::memcpy(out.bytes.data(), view.data(), N);
    return out;
  }
};

using Hash = FixedBytes<32, struct HashTag>;        // a Keccak-256 digest
using Address = FixedBytes<20, struct AddressTag>;  // an Ethereum account address
using Bloom = FixedBytes<256, struct BloomTag>;     // a 2048-bit log bloom (yellow paper 4.3.1)
using Height = std::uint64_t;                       // a block number
using Nonce = std::uint64_t;                        // an account's transaction count
using Gas = std::uint64_t;
using Seconds = std::uint64_t;  // Unix time or a span of it

// Hash functor for in-memory tables: these values are digests (or parts of them), so eight of their bytes
// are hash enough. Never use it where iteration order would matter.
struct FixedBytesHash {
  using is_avalanching = void;  // tables need not mix it further
  template <std::size_t N, class Tag>
  std::size_t operator()(const FixedBytes<N, Tag>& value) const {
    return static_cast<std::size_t>(keyed_hash(value.bytes));
  }
};

// Big-endian integers, the form of every numeric key. Written without loops: compilers make one swap and one
// access of these.
inline void store_be64(std::uint8_t* out, std::uint64_t value) {
  out[0] = static_cast<std::uint8_t>(value >> 56);
  out[1] = static_cast<std::uint8_t>(value >> 48);
  out[2] = static_cast<std::uint8_t>(value >> 40);
  out[3] = static_cast<std::uint8_t>(value >> 32);
  out[4] = static_cast<std::uint8_t>(value >> 24);
  out[5] = static_cast<std::uint8_t>(value >> 16);
  out[6] = static_cast<std::uint8_t>(value >> 8);
  out[7] = static_cast<std::uint8_t>(value);
}
inline std::uint64_t load_be64(const std::uint8_t* in) {
  const auto byte = [in](std::size_t i) { return std::uint64_t{in[i]} << (56 - 8 * i); };
  return byte(0) | byte(1) | byte(2) | byte(3) | byte(4) | byte(5) | byte(6) | byte(7);
}
inline void append_be64(Bytes& out, std::uint64_t value) {
  out.resize(out.size() + 8);
  store_be64(out.data() + out.size() - 8, value);
}
// Precondition: view.size() >= 8.
inline std::uint64_t read_be64(ByteView view) { return load_be64(view.data()); }

}  // namespace aitbc
