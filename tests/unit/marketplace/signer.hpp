// Accounts whose keys are known, for what is signed off chain.
#pragma once

#include "crypto/secp256k1.hpp"

namespace aitbc::market::test {

// The key whose last byte is this, the others zero.
inline PrivateKey key_ending(std::uint8_t last) {
  Bytes secret(32);
  secret[31] = last;
  return *PrivateKey::from_bytes(secret);
}

// r | s | v, as a contract takes it; wallets count v from 27, some from 0.
inline Bytes signature_of(const PrivateKey& who, const Hash& digest, std::uint8_t v_base = 27) {
  const auto raw = sign(who, digest).to_bytes();
  Bytes out(raw.begin(), raw.end());
  out[64] = static_cast<std::uint8_t>(out[64] + v_base);
  return out;
}

struct Signer {
  explicit Signer(std::uint8_t last) : key(key_ending(last)), address(key.address()) {}
  PrivateKey key;
  Address address;
  Bytes sign(const Hash& digest) const { return signature_of(key, digest); }
};

}  // namespace aitbc::market::test
