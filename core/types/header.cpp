#include "types/header.hpp"

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"

namespace aitbc {

Bytes encode(const Header& header) {
  rlp::Encoder out;
  out.begin_list();
  out.bytes(header.parent_hash).bytes(header.ommers_hash).bytes(header.coinbase);
  out.bytes(header.state_root).bytes(header.transactions_root).bytes(header.receipts_root);
  out.bytes(header.logs_bloom).u64(header.difficulty).u64(header.number);
  out.u64(header.gas_limit).u64(header.gas_used).u64(header.timestamp);
  out.bytes(header.extra_data).bytes(header.mix_hash).bytes(header.nonce);
  if (header.base_fee_per_gas) out.amount(*header.base_fee_per_gas);
  out.end_list();
  return out.take();
}

Result<Header> decode_header(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder fields, rlp::decode_list(encoded));
  Header out;
  AITBC_ASSIGN(out.parent_hash, fields.fixed<Hash>());
  AITBC_ASSIGN(out.ommers_hash, fields.fixed<Hash>());
  AITBC_ASSIGN(out.coinbase, fields.fixed<Address>());
  AITBC_ASSIGN(out.state_root, fields.fixed<Hash>());
  AITBC_ASSIGN(out.transactions_root, fields.fixed<Hash>());
  AITBC_ASSIGN(out.receipts_root, fields.fixed<Hash>());
  AITBC_ASSIGN(out.logs_bloom, fields.fixed<Bloom>());
  AITBC_ASSIGN(out.difficulty, fields.u64());
  AITBC_ASSIGN(out.number, fields.u64());
  AITBC_ASSIGN(out.gas_limit, fields.u64());
  AITBC_ASSIGN(out.gas_used, fields.u64());
  AITBC_ASSIGN(out.timestamp, fields.u64());
  AITBC_ASSIGN(const ByteView extra_data, fields.bytes());
  out.extra_data = to_bytes(extra_data);
  AITBC_ASSIGN(out.mix_hash, fields.fixed<Hash>());
  AITBC_ASSIGN(out.nonce, fields.fixed<decltype(out.nonce)>());
  if (!fields.at_end()) {
    AITBC_ASSIGN(out.base_fee_per_gas, fields.amount());
  }
  AITBC_TRY(fields.finish());
  return out;
}

Hash header_hash(const Header& header) { return keccak256(encode(header)); }

}  // namespace aitbc
