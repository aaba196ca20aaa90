// ECDSA over secp256k1 with public-key recovery, on libsecp256k1. Every function is thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace aitbc {

// s is at most half the group order (EIP-2) in every signature made or accepted here.
struct Signature {
  std::array<std::uint8_t, 32> r{};
  std::array<std::uint8_t, 32> s{};
  std::uint8_t y_parity = 0;  // 0 or 1

  // r || s || y_parity, 65 bytes.
  std::array<std::uint8_t, 65> to_bytes() const;
  // Fails on a length other than 65 or a last byte above 1.
  static Result<Signature> from_bytes(ByteView bytes);
  bool operator==(const Signature&) const = default;
};

// An uncompressed public key without its 0x04 prefix: x || y, 64 bytes.
using PublicKey = FixedBytes<64, struct PublicKeyTag>;

// A secret key: 1 <= key < group order. Its bytes are cleared on destruction and never logged.
class PrivateKey {
 public:
  static Result<PrivateKey> from_bytes(ByteView bytes);
  // From the operating system's random source.
  static PrivateKey generate();
  PrivateKey(const PrivateKey&) = default;
  PrivateKey& operator=(const PrivateKey&) = default;
  ~PrivateKey();

  ByteView secret() const { return bytes_; }
  PublicKey public_key() const;
  Address address() const;

 private:
  PrivateKey() = default;
  std::array<std::uint8_t, 32> bytes_{};
};

// The last 20 bytes of keccak256(public key).
Address to_address(const PublicKey& key);
// 33 bytes: 0x02 or 0x03, then x (SEC 1, 2.3.3).
std::array<std::uint8_t, 33> compress(const PublicKey& key);
Result<PublicKey> decompress(ByteView compressed);

// Deterministic (RFC 6979), low s.
Signature sign(const PrivateKey& key, const Hash& digest);
// What can be said of a signature without its message: fails when r or s is zero or not below the group
// order, when s is high, or when the parity is neither 0 nor 1.
Result<void> check_signature_range(const Signature& signature);
// Fails when check_signature_range fails or no key matches.
Result<PublicKey> recover(const Hash& digest, const Signature& signature);
Result<Address> recover_address(const Hash& digest, const Signature& signature);

// (key + tweak) mod n, as BIP-32 derives children; fails when the sum is zero or the tweak is out of range.
Result<PrivateKey> tweak_add(const PrivateKey& key, ByteView tweak);

// Overwrites memory in a way the compiler may not remove.
void secure_clear(std::span<std::uint8_t> memory);

}  // namespace aitbc
