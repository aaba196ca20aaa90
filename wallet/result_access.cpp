#include "wallet/result_access.hpp"

#include "codec/hex.hpp"
#include "codec/typed_data.hpp"

namespace aitbc::wallet {

Hash access_digest(const ResultAccess& access) {
  const Hash domain = eip712::domain_separator({.name = "AITBC results",
                                                .version = "1",
                                                .chain_id = access.chain_id,
                                                .verifying_contract = access.contract,
                                                .salt = std::nullopt});
  const Hash type = eip712::type_hash("ResultAccess(uint64 jobId,uint64 expires)");
  return eip712::signing_digest(domain,
                                eip712::StructHash(type).u64(access.job).u64(access.expires).finish());
}

std::string sign_access(const ResultAccess& access, const PrivateKey& key) {
  auto bytes = sign(key, access_digest(access)).to_bytes();
  bytes.back() = static_cast<std::uint8_t>(bytes.back() + 27);  // as wallets write it
  return "expires=" + std::to_string(access.expires) + "&signature=" + hex::encode_prefixed(bytes);
}

Result<Address> access_signer(const ResultAccess& access, std::string_view signature_hex) {
  AITBC_ASSIGN(Bytes bytes, hex::decode(signature_hex));
  if (!bytes.empty() && bytes.back() >= 27) bytes.back() = static_cast<std::uint8_t>(bytes.back() - 27);
  AITBC_ASSIGN(const Signature signature, Signature::from_bytes(bytes));
  return recover_address(access_digest(access), signature);
}

}  // namespace aitbc::wallet
