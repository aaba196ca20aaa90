#include "marketplace/signatures.hpp"

#include "codec/typed_data.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc::market {

Hash signing_digest(const Context& c, const Hash& struct_hash) {
  eip712::Domain domain;
  domain.name = "AITBC Marketplace";
  domain.version = "1";
  domain.chain_id = Uint256(c.block.chain_id);
  domain.verifying_contract = kContract;
  return eip712::signing_digest(eip712::domain_separator(domain), struct_hash);
}

Outcome<Address> recover_signer(const Hash& digest, const Bytes& signature) {
  Bytes raw = signature;
  if (raw.size() == 65 && raw[64] >= 27) raw[64] = static_cast<std::uint8_t>(raw[64] - 27);
  const auto parsed = Signature::from_bytes(raw);
  if (!parsed) return revert<"BadSignature">();
  const auto signer = recover_address(digest, *parsed);
  if (!signer) return revert<"BadSignature">();
  return *signer;
}

}  // namespace aitbc::market
