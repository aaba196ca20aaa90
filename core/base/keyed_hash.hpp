// A hash for tables in memory whose keys come from strangers.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

namespace aitbc {

// Drawn from the operating system once in each process. Who does not know it cannot choose keys that collide,
// which would make every look-up a walk through all of them. It shows in no result: tables that use it are
// looked up in, never walked through.
using HashSecret = std::array<std::uint64_t, 2>;
const HashSecret& hash_secret();

// Multiplies 64 x 64 bits and folds the 128 of the product.
inline std::uint64_t fold_multiply(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Every bit of the result depends on every byte. Thread-safe.
inline std::uint64_t keyed_hash(std::span<const std::uint8_t> key) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ULL;
  const auto& [multiplier, start] = hash_secret();
  std::uint64_t hash = start ^ (key.size() * kOdd);
  for (; key.size() >= 8; key = key.subspan(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, key.data(), 8);
    hash = fold_multiply(hash ^ word, multiplier);
  }
  if (!key.empty()) {
    std::uint64_t word = 0;
    std::memcpy(&word, key.data(), key.size());
    hash = fold_multiply(hash ^ word, multiplier);
  }
  return fold_multiply(hash ^ start, kOdd);
}

// For tables keyed by bytes, whether they hold them or only see them.
struct KeyedBytesHash {
  using is_transparent = void;
  using is_avalanching = void;  // tables need not mix it further
  std::size_t operator()(std::span<const std::uint8_t> key) const {
    return static_cast<std::size_t>(keyed_hash(key));
  }
};

}  // namespace aitbc
