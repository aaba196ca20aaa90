#include "types/block.hpp"

#include "codec/rlp.hpp"

namespace aitbc {
namespace {

constexpr std::uint8_t kLastTypeByte = 0x7f;   // EIP-2718
constexpr std::uint8_t kFirstListByte = 0xc0;  // of RLP

// A legacy transaction is a list and stands for itself; a typed one is wrapped in a string.
void append_transaction(rlp::Encoder& out, ByteView wire) {
  if (!wire.empty() && wire[0] >= kFirstListByte) {
    out.raw(wire);
  } else {
    out.bytes(wire);
  }
}

Result<ByteView> decode_wire(rlp::Decoder& items) {
  if (items.next_is_list()) return items.raw();
  AITBC_ASSIGN(const ByteView wire, items.bytes());
  if (wire.empty() || wire[0] > kLastTypeByte)
    return fail(ErrorCode::invalid_input, "invalid block: a transaction is neither a list nor typed");
  return wire;
}

}  // namespace

Bytes encode(const Block& block) {
  rlp::Encoder out;
  out.begin_list().raw(encode(block.header)).begin_list();
  for (const TransactionPtr& transaction : block.transactions) append_transaction(out, transaction->wire);
  out.end_list().begin_list().end_list().end_list();
  return out.take();
}

Bytes encode(const UnrecoveredBlock& block) {
  rlp::Encoder out;
  out.begin_list().raw(encode(block.header)).begin_list();
  for (const Bytes& wire : block.transactions) append_transaction(out, wire);
  out.end_list().begin_list().end_list().end_list();
  return out.take();
}

Result<UnrecoveredBlock> decode_block(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder fields, rlp::decode_list(encoded));
  UnrecoveredBlock out;
  AITBC_ASSIGN(const ByteView header, fields.raw());
  AITBC_ASSIGN(out.header, decode_header(header));
  AITBC_ASSIGN(rlp::Decoder transactions, fields.list());
  while (!transactions.at_end()) {
    AITBC_ASSIGN(const ByteView wire, decode_wire(transactions));
    out.transactions.push_back(to_bytes(wire));
  }
  AITBC_ASSIGN(const rlp::Decoder ommers, fields.list());
  AITBC_TRY(ommers.finish());
  AITBC_TRY(fields.finish());
  return out;
}

}  // namespace aitbc
