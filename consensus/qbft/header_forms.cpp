#include "consensus/qbft/header_forms.hpp"

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"

namespace aitbc::qbft {

const Hash kMixHash =
    Hash{{0x63, 0x74, 0x69, 0x63, 0x61, 0x6c, 0x20, 0x62, 0x79, 0x7a, 0x61, 0x6e, 0x74, 0x69, 0x6e, 0x65,
          0x20, 0x66, 0x61, 0x75, 0x6c, 0x74, 0x20, 0x74, 0x6f, 0x6c, 0x65, 0x72, 0x61, 0x6e, 0x63, 0x65}};

Result<Header> with_round(const Header& header, Round round, std::span<const Signature> seals) {
  AITBC_ASSIGN(ExtraData extra, decode_extra_data(header.extra_data));
  extra.round = round;
  extra.seals.assign(seals.begin(), seals.end());
  Header out = header;
  out.extra_data = encode(extra);
  return out;
}

Result<Hash> commit_seal_hash(const Header& hashed_form, Round round) {
  AITBC_ASSIGN(const Header sealed, with_round(hashed_form, round, {}));
  return header_hash(sealed);
}

Result<SplitHeader> split(const Header& header) {
  AITBC_ASSIGN(ExtraData extra, decode_extra_data(header.extra_data));
  SplitHeader out{header, extra.round, std::move(extra.seals)};
  extra.round = 0;
  extra.seals.clear();
  out.header.extra_data = encode(extra);
  return out;
}

Result<Bytes> encode_proposed_block(const UnrecoveredBlock& block, Round round) {
  AITBC_ASSIGN(const Header header, with_round(block.header, round, {}));
  rlp::Encoder out;
  out.begin_list();
  out.raw(encode(header));
  out.begin_list();
  for (const Bytes& wire : block.transactions) {
    // EIP-2718: a legacy transaction is a list already, a typed one becomes a string.
    const bool is_legacy = !wire.empty() && wire[0] >= 0xc0;
    is_legacy ? out.raw(wire) : out.bytes(wire);
  }
  out.end_list();
  out.begin_list().end_list();  // ommers
  out.end_list();
  return out.take();
}

Result<ProposedBlock> decode_proposed_block(ByteView encoded) {
  AITBC_ASSIGN(UnrecoveredBlock block, decode_block(encoded));
  AITBC_ASSIGN(SplitHeader parts, split(block.header));
  if (!parts.seals.empty()) return fail(ErrorCode::invalid_input, "qbft: a proposed block carries seals");
  block.header = std::move(parts.header);
  return ProposedBlock{std::move(block), parts.round};
}

UnrecoveredBlock without_senders(const Block& block) {
  UnrecoveredBlock out{block.header, {}};
  out.transactions.reserve(block.transactions.size());
  for (const TransactionPtr& transaction : block.transactions) out.transactions.push_back(transaction->wire);
  return out;
}

}  // namespace aitbc::qbft
