// EIP-712: hashing of typed structured data for signatures. A light form for structs known at compile time,
// and the JSON form of eth_signTypedData_v4.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"

namespace aitbc::eip712 {

// Who the signature is for. Only the fields that are present are hashed.
struct Domain {
  std::optional<std::string> name;
  std::optional<std::string> version;
  std::optional<Uint256> chain_id;
  std::optional<Address> verifying_contract;
  std::optional<Hash> salt;
};
Hash domain_separator(const Domain& domain);

// keccak256 of encodeType: "Order(Item item,uint256 price)Item(uint64 id)", referenced structs behind the
// primary one in alphabetical order.
Hash type_hash(std::string_view encoded_type);

// hashStruct, field by field in the order of the type:
//     const Hash order = StructHash(kOrderType).address(maker).u64(gpu).string(terms).finish();
class StructHash {
 public:
  explicit StructHash(const Hash& type) : encoded_(to_bytes(type)) {}

  StructHash& u64(std::uint64_t value);
  StructHash& uint256(const Uint256& value);
  StructHash& amount(Amount value) { return uint256(value.to_uint256()); }
  StructHash& boolean(bool value) { return u64(value ? 1 : 0); }
  StructHash& address(const Address& value);
  // A bytes32, the hash of a nested struct, or the hash of an array.
  StructHash& hash(const Hash& value);
  StructHash& bytes(ByteView value);
  StructHash& string(std::string_view value) { return bytes(as_bytes(value)); }
  Hash finish() const;

 private:
  Bytes encoded_;
};

// What is signed: keccak256(0x19 0x01 || domain separator || struct hash).
Hash signing_digest(const Hash& domain_separator, const Hash& struct_hash);

// {"types": {...}, "primaryType": "...", "domain": {...}, "message": {...}}. "types" may leave out
// EIP712Domain, which then has the domain's fields in the standard order. Strict: every field of a type must
// be there and no other; integers are JSON integers or decimal or 0x strings in the range of their type;
// bytes are 0x strings of the right length.
struct TypedData {
  Hash domain_separator;
  Hash struct_hash;  // of the message
  Hash digest;
};
Result<TypedData> hash_json(std::string_view json);

}  // namespace aitbc::eip712
