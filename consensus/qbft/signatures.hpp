// What the protocol asks of cryptography. The real thing is secp256k1; simulations of many validators and the
// benchmark of the bare protocol use something cheaper.
#pragma once

#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc::qbft {

// Thread-safe.
class Signatures {
 public:
  virtual ~Signatures() = default;
  virtual Result<Address> recover(const Hash& digest, const Signature& signature) const = 0;
  // This validator's own address and signature. self() is empty, and sign() must not be called, where the
  // node has no validator key.
  virtual std::optional<Address> self() const = 0;
  virtual Signature sign(const Hash& digest) const = 0;
};

std::unique_ptr<const Signatures> secp256k1_signatures(std::optional<PrivateKey> key);

}  // namespace aitbc::qbft
