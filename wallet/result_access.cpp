#include "wallet/result_access.hpp"

#include "codec/typed_data.hpp"
#include "wallet/signature_text.hpp"

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
  return "expires=" + std::to_string(access.expires) + "&signature=" + sign_text(key, access_digest(access));
}

Result<Address> access_signer(const ResultAccess& access, std::string_view signature_hex) {
  return signer_of(access_digest(access), signature_hex);
}

}  // namespace aitbc::wallet
