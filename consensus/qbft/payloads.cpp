#include "consensus/qbft/payloads.hpp"

#include "base/check.hpp"
#include "consensus/qbft/header_forms.hpp"

namespace aitbc::qbft {
namespace {

template <class Payload>
void append_view(rlp::Encoder& out, const Payload& payload) {
  out.u64(payload.height);
  out.u64(payload.round);
}

template <class Payload>
Result<void> read_view(rlp::Decoder& in, Payload& payload) {
  AITBC_ASSIGN(payload.height, in.u64());
  AITBC_ASSIGN(payload.round, read_round(in));
  return {};
}

}  // namespace

void append_block(rlp::Encoder& out, const UnrecoveredBlock& block, Round round) {
  const Result<Bytes> encoded = encode_proposed_block(block, round);
  AITBC_CHECK(encoded.has_value(), "a block under discussion has no QBFT extra data");
  out.raw(*encoded);
}

Result<BlockPtr> read_block(ByteView item, View view) {
  AITBC_ASSIGN(ProposedBlock proposed, decode_proposed_block(item));
  if (proposed.block.header.number != view.height || proposed.round != view.round)
    return fail(ErrorCode::invalid_input, "qbft: a message and its block name different heights or rounds");
  return std::make_shared<const UnrecoveredBlock>(std::move(proposed.block));
}

void append_payload(rlp::Encoder& out, const ProposalPayload& payload) {
  out.begin_list();
  append_view(out, payload);
  append_block(out, *payload.block, payload.round);
  out.end_list();
}

void append_payload(rlp::Encoder& out, const PreparePayload& payload) {
  out.begin_list();
  append_view(out, payload);
  out.bytes(payload.digest);
  out.end_list();
}

void append_payload(rlp::Encoder& out, const CommitPayload& payload) {
  out.begin_list();
  append_view(out, payload);
  out.bytes(payload.digest);
  append_signature(out, payload.seal);
  out.end_list();
}

void append_payload(rlp::Encoder& out, const RoundChangePayload& payload) {
  out.begin_list();
  append_view(out, payload);
  out.begin_list();
  if (payload.prepared) {
    out.u64(payload.prepared->round);
    out.bytes(payload.prepared->digest);
  }
  out.end_list();
  out.end_list();
}

Result<void> read_payload(rlp::Decoder& in, ProposalPayload& payload) {
  AITBC_TRY(read_view(in, payload));
  AITBC_ASSIGN(const ByteView item, in.raw());
  AITBC_ASSIGN(payload.block, read_block(item, {payload.height, payload.round}));
  return {};
}

Result<void> read_payload(rlp::Decoder& in, PreparePayload& payload) {
  AITBC_TRY(read_view(in, payload));
  AITBC_ASSIGN(payload.digest, in.fixed<Hash>());
  return {};
}

Result<void> read_payload(rlp::Decoder& in, CommitPayload& payload) {
  AITBC_TRY(read_view(in, payload));
  AITBC_ASSIGN(payload.digest, in.fixed<Hash>());
  AITBC_ASSIGN(payload.seal, read_signature(in));
  return {};
}

Result<void> read_payload(rlp::Decoder& in, RoundChangePayload& payload) {
  AITBC_TRY(read_view(in, payload));
  if (payload.round == 0) return fail(ErrorCode::invalid_input, "qbft: a round change to round 0");
  AITBC_ASSIGN(rlp::Decoder prepared, in.list());
  if (prepared.at_end()) return {};
  Prepared claim;
  AITBC_ASSIGN(claim.round, read_round(prepared));
  AITBC_ASSIGN(claim.digest, prepared.fixed<Hash>());
  AITBC_TRY(prepared.finish());
  if (claim.round >= payload.round)
    return fail(ErrorCode::invalid_input, "qbft: a round change says it prepared a later round");
  payload.prepared = claim;
  return {};
}

}  // namespace aitbc::qbft
