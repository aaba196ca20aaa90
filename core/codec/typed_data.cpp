#include "codec/typed_data.hpp"

#include "codec/abi.hpp"
#include "crypto/keccak.hpp"

namespace aitbc::eip712 {

Hash type_hash(std::string_view encoded_type) { return keccak256(as_bytes(encoded_type)); }

StructHash& StructHash::u64(std::uint64_t value) { return hash(abi::to_word(value)); }

StructHash& StructHash::uint256(const Uint256& value) { return hash(abi::to_word(value)); }

StructHash& StructHash::address(const Address& value) { return hash(abi::to_word(value)); }

StructHash& StructHash::hash(const Hash& value) {
  append(encoded_, value);
  return *this;
}

StructHash& StructHash::bytes(ByteView value) { return hash(keccak256(value)); }

Hash StructHash::finish() const { return keccak256(encoded_); }

Hash domain_separator(const Domain& domain) {
  std::string type = "EIP712Domain(";
  const auto declare = [&type](bool present, std::string_view field) {
    if (!present) return;
    if (type.back() != '(') type += ',';
    type += field;
  };
  declare(domain.name.has_value(), "string name");
  declare(domain.version.has_value(), "string version");
  declare(domain.chain_id.has_value(), "uint256 chainId");
  declare(domain.verifying_contract.has_value(), "address verifyingContract");
  declare(domain.salt.has_value(), "bytes32 salt");
  StructHash out(type_hash(type + ")"));
  if (domain.name) out.string(*domain.name);
  if (domain.version) out.string(*domain.version);
  if (domain.chain_id) out.uint256(*domain.chain_id);
  if (domain.verifying_contract) out.address(*domain.verifying_contract);
  if (domain.salt) out.hash(*domain.salt);
  return out.finish();
}

Hash signing_digest(const Hash& domain_separator, const Hash& struct_hash) {
  Bytes preimage{0x19, 0x01};
  append(preimage, domain_separator);
  append(preimage, struct_hash);
  return keccak256(preimage);
}

}  // namespace aitbc::eip712
