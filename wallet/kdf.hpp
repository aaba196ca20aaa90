// Key derivation and randomness, on OpenSSL. Thread-safe.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wallet/secret.hpp"

namespace aitbc::wallet {

// RFC 7914. Memory: 128 * n * r bytes; n is a power of two above 1.
struct ScryptCost {
  std::uint64_t n = 262144;
  std::uint32_t r = 8;
  std::uint32_t p = 1;
  bool operator==(const ScryptCost&) const = default;
};
// What go-ethereum calls StandardScryptN (256 MiB, about a second) and LightScryptN (4 MiB, some 10 ms).
inline constexpr ScryptCost kStandardScrypt{};
inline constexpr ScryptCost kLightScrypt{4096, 8, 1};
// More than this is refused, so that a hostile file cannot exhaust the machine.
inline constexpr std::uint64_t kMaxScryptMemory_bytes = std::uint64_t{1} << 30;

// Fails (invalid_input) on costs outside of RFC 7914, (limit) on those above the maximum.
Result<void> check(const ScryptCost& cost);
Result<SecretBytes> scrypt(ByteView password, ByteView salt, const ScryptCost& cost, std::size_t size);

// RFC 8018. Precondition: 1 <= iterations < 2^31.
SecretBytes pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations, std::size_t size);
SecretBytes pbkdf2_sha512(ByteView password, ByteView salt, std::uint32_t iterations, std::size_t size);

// 64 bytes.
SecretBytes hmac_sha512(ByteView key, ByteView message);
// From the operating system's random source.
void fill_random(std::span<std::uint8_t> out);

}  // namespace aitbc::wallet
