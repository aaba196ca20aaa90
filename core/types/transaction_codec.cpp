// The wire form of transactions, and what of it is signed.
#include <limits>

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "types/transaction.hpp"

namespace aitbc {
namespace {

constexpr std::uint8_t kFirstListByte = 0xc0;  // of RLP; a lower first byte is a type (EIP-2718)
constexpr std::uint64_t kLegacyV = 27;
constexpr std::uint64_t kReplayProtectedV = 35;  // EIP-155

tl::unexpected<Error> malformed(const char* what) { return fail(ErrorCode::invalid_input, what); }

// ---- encoding

void append_access_list(rlp::Encoder& out, const AccessList& list) {
  out.begin_list();
  for (const AccessListEntry& entry : list) {
    out.begin_list().bytes(entry.address).begin_list();
    for (const Hash& key : entry.storage_keys) out.bytes(key);
    out.end_list().end_list();
  }
  out.end_list();
}

// Every field but the signature.
void append_signed_fields(rlp::Encoder& out, const Transaction& transaction) {
  if (transaction.type != TransactionType::legacy) out.u64(transaction.chain_id.value_or(0));
  out.u64(transaction.nonce);
  if (transaction.type == TransactionType::dynamic_fee) out.uint256(transaction.max_priority_fee_per_gas);
  out.uint256(transaction.max_fee_per_gas).u64(transaction.gas_limit);
  out.bytes(transaction.to ? transaction.to->view() : ByteView{});
  out.uint256(transaction.value).bytes(transaction.data);
  if (transaction.type != TransactionType::legacy) append_access_list(out, transaction.access_list);
}

void append_type(rlp::Encoder& out, TransactionType type) {
  if (type == TransactionType::legacy) return;
  const auto byte = static_cast<std::uint8_t>(type);
  out.raw(ByteView(&byte, 1));
}

// A legacy transaction's v holds the parity and, from EIP-155 on, the chain id.
Uint256 legacy_v(const Transaction& transaction) {
  const std::uint64_t parity = transaction.signature.y_parity;
  if (!transaction.chain_id) return kLegacyV + parity;
  const uint128 v = uint128{*transaction.chain_id} * 2 + kReplayProtectedV + parity;
  return Amount::from_units(v).to_uint256();
}

// EIP-155: a legacy signature covers the chain id and two zeros in the place of the signature.
void append_replay_protection(rlp::Encoder& out, const Transaction& transaction) {
  if (transaction.type == TransactionType::legacy && transaction.chain_id)
    out.u64(*transaction.chain_id).u64(0).u64(0);
}

// ---- decoding

struct Parsed {
  Transaction transaction;
  // The fields that the signature covers, as they stand in the wire form.
  ByteView signed_fields;
};

Result<std::vector<Hash>> decode_storage_keys(rlp::Decoder& entry) {
  AITBC_ASSIGN(rlp::Decoder items, entry.list());
  std::vector<Hash> keys;
  while (!items.at_end()) {
    AITBC_ASSIGN(const Hash key, items.fixed<Hash>());
    keys.push_back(key);
  }
  return keys;
}

Result<AccessList> decode_access_list(rlp::Decoder& fields) {
  AITBC_ASSIGN(rlp::Decoder items, fields.list());
  AccessList list;
  while (!items.at_end()) {
    AITBC_ASSIGN(rlp::Decoder item, items.list());
    AccessListEntry entry;
    AITBC_ASSIGN(entry.address, item.fixed<Address>());
    AITBC_ASSIGN(entry.storage_keys, decode_storage_keys(item));
    AITBC_TRY(item.finish());
    list.push_back(std::move(entry));
  }
  return list;
}

Result<std::optional<Address>> decode_recipient(rlp::Decoder& fields) {
  AITBC_ASSIGN(const ByteView to, fields.bytes());
  if (to.empty()) return std::nullopt;
  if (to.size() != Address::kSize)
    return malformed("invalid transaction: 'to' has neither 20 bytes nor none");
  return Address::from(to);
}

Result<void> decode_signed_fields(rlp::Decoder& fields, Transaction& out) {
  if (out.type != TransactionType::legacy) {
    AITBC_ASSIGN(out.chain_id, fields.u64());
  }
  AITBC_ASSIGN(out.nonce, fields.u64());
  if (out.nonce == std::numeric_limits<Nonce>::max())
    return malformed("invalid transaction: nonce has max value");
  AITBC_ASSIGN(out.max_priority_fee_per_gas, fields.uint256());
  out.max_fee_per_gas = out.max_priority_fee_per_gas;
  if (out.type == TransactionType::dynamic_fee) {
    AITBC_ASSIGN(out.max_fee_per_gas, fields.uint256());
    if (out.max_priority_fee_per_gas > out.max_fee_per_gas)
      return malformed("max priority fee per gas higher than max fee per gas");
  }
  AITBC_ASSIGN(out.gas_limit, fields.u64());
  AITBC_ASSIGN(out.to, decode_recipient(fields));
  AITBC_ASSIGN(out.value, fields.uint256());
  AITBC_ASSIGN(const ByteView data, fields.bytes());
  out.data = to_bytes(data);
  if (out.type != TransactionType::legacy) {
    AITBC_ASSIGN(out.access_list, decode_access_list(fields));
  }
  return {};
}

Result<void> decode_legacy_v(rlp::Decoder& fields, Transaction& out) {
  AITBC_ASSIGN(const Amount wide, fields.amount());
  const uint128 v = wide.units();
  if (v == kLegacyV || v == kLegacyV + 1) {
    out.signature.y_parity = static_cast<std::uint8_t>(v - kLegacyV);
    return {};
  }
  if (v < kReplayProtectedV || (v - kReplayProtectedV) / 2 > std::numeric_limits<std::uint64_t>::max())
    return malformed("invalid transaction: v is out of range");
  out.signature.y_parity = static_cast<std::uint8_t>((v - kReplayProtectedV) % 2);
  out.chain_id = static_cast<std::uint64_t>((v - kReplayProtectedV) / 2);
  return {};
}

Result<void> decode_signature(rlp::Decoder& fields, Transaction& out) {
  if (out.type == TransactionType::legacy) {
    AITBC_TRY(decode_legacy_v(fields, out));
  } else {
    AITBC_ASSIGN(const bool odd, fields.boolean());
    out.signature.y_parity = odd ? 1 : 0;
  }
  AITBC_ASSIGN(const Uint256 r, fields.uint256());
  AITBC_ASSIGN(const Uint256 s, fields.uint256());
  out.signature.r = r.to_be();
  out.signature.s = s.to_be();
  return check_signature_range(out.signature);
}

Result<TransactionType> decode_type(ByteView wire) {
  if (wire.empty()) return malformed("invalid transaction: it is empty");
  if (wire[0] >= kFirstListByte) return TransactionType::legacy;
  if (wire[0] == static_cast<std::uint8_t>(TransactionType::access_list)) return TransactionType::access_list;
  if (wire[0] == static_cast<std::uint8_t>(TransactionType::dynamic_fee)) return TransactionType::dynamic_fee;
  return malformed("transaction type not supported");
}

Result<Parsed> parse(ByteView wire) {
  Parsed out;
  Transaction& transaction = out.transaction;
  AITBC_ASSIGN(transaction.type, decode_type(wire));
  AITBC_ASSIGN(rlp::Decoder fields,
               rlp::decode_list(wire.subspan(transaction.type == TransactionType::legacy ? 0 : 1)));
  AITBC_ASSIGN(const ByteView first_item, rlp::Decoder(fields).raw());
  AITBC_TRY(decode_signed_fields(fields, transaction));
  AITBC_ASSIGN(const ByteView signature_item, rlp::Decoder(fields).raw());
  out.signed_fields = ByteView(first_item.data(), signature_item.data());
  AITBC_TRY(decode_signature(fields, transaction));
  AITBC_TRY(fields.finish());
  return out;
}

Hash signing_hash(const Parsed& parsed) {
  rlp::Encoder out;
  append_type(out, parsed.transaction.type);
  out.begin_list().raw(parsed.signed_fields);
  append_replay_protection(out, parsed.transaction);
  return keccak256(out.end_list().view());
}

}  // namespace

Bytes encode(const Transaction& transaction) {
  rlp::Encoder out;
  append_type(out, transaction.type);
  out.begin_list();
  append_signed_fields(out, transaction);
  if (transaction.type == TransactionType::legacy) {
    out.uint256(legacy_v(transaction));
  } else {
    out.u64(transaction.signature.y_parity);
  }
  out.uint256(Uint256::from_be(transaction.signature.r)).uint256(Uint256::from_be(transaction.signature.s));
  out.end_list();
  return out.take();
}

Result<Transaction> decode_transaction(ByteView wire) {
  AITBC_ASSIGN(Parsed parsed, parse(wire));
  return std::move(parsed.transaction);
}

Hash transaction_hash(const Transaction& transaction) { return keccak256(encode(transaction)); }

Hash signing_hash(const Transaction& transaction) {
  rlp::Encoder out;
  append_type(out, transaction.type);
  out.begin_list();
  append_signed_fields(out, transaction);
  append_replay_protection(out, transaction);
  return keccak256(out.end_list().view());
}

Result<TransactionPtr> recover_transaction(ByteView wire) {
  AITBC_ASSIGN(Parsed parsed, parse(wire));
  AITBC_ASSIGN(const Address sender, recover_address(signing_hash(parsed), parsed.transaction.signature));
  return std::make_shared<const RecoveredTransaction>(
      RecoveredTransaction{std::move(parsed.transaction), to_bytes(wire), keccak256(wire), sender});
}

}  // namespace aitbc
