// Signatures that cost nothing and that anybody could forge, for simulations in which nobody does.
#pragma once

#include "consensus/qbft/signatures.hpp"

namespace aitbc::qbft::test {

inline Signature fake_signature(const Address& author, const Hash& digest) {
  Signature signature;
  std::copy(author.bytes.begin(), author.bytes.end(), signature.r.begin() + 12);
  signature.s = digest.bytes;
  return signature;
}

class FakeSignatures final : public Signatures {
 public:
  explicit FakeSignatures(std::optional<Address> self) : self_(self) {}
  Result<Address> recover(const Hash& digest, const Signature& signature) const override {
    if (signature.s != digest.bytes) return fail(ErrorCode::invalid_input, "not a signature of this");
    return Address::from(ByteView(signature.r).subspan(12));
  }
  std::optional<Address> self() const override { return self_; }
  Signature sign(const Hash& digest) const override { return fake_signature(*self_, digest); }

 private:
  std::optional<Address> self_;
};

}  // namespace aitbc::qbft::test
