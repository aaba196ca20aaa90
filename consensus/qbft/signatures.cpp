#include "consensus/qbft/signatures.hpp"

#include "base/check.hpp"

namespace aitbc::qbft {
namespace {

class Secp256k1Signatures final : public Signatures {
 public:
  explicit Secp256k1Signatures(std::optional<PrivateKey> key) : key_(std::move(key)) {
    if (key_) self_ = key_->address();
  }
  Result<Address> recover(const Hash& digest, const Signature& signature) const override {
    return recover_address(digest, signature);
  }
  std::optional<Address> self() const override { return self_; }
  Signature sign(const Hash& digest) const override {
    AITBC_CHECK(key_.has_value(), "a node without a validator key was asked to sign");
    return aitbc::sign(*key_, digest);
  }

 private:
  std::optional<PrivateKey> key_;
  std::optional<Address> self_;
};

}  // namespace

std::unique_ptr<const Signatures> secp256k1_signatures(std::optional<PrivateKey> key) {
  return std::make_unique<const Secp256k1Signatures>(std::move(key));
}

}  // namespace aitbc::qbft
