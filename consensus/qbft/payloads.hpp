// RLP of the signed payloads inside QBFT messages (messages.hpp).
#pragma once

#include "codec/rlp.hpp"
#include "consensus/qbft/messages.hpp"
#include "consensus/qbft/rlp_parts.hpp"

namespace aitbc::qbft {

void append_payload(rlp::Encoder& out, const ProposalPayload& payload);
void append_payload(rlp::Encoder& out, const PreparePayload& payload);
void append_payload(rlp::Encoder& out, const CommitPayload& payload);
void append_payload(rlp::Encoder& out, const RoundChangePayload& payload);

// Read the fields in order; the caller checks that nothing follows.
Result<void> read_payload(rlp::Decoder& in, ProposalPayload& payload);
Result<void> read_payload(rlp::Decoder& in, PreparePayload& payload);
Result<void> read_payload(rlp::Decoder& in, CommitPayload& payload);
Result<void> read_payload(rlp::Decoder& in, RoundChangePayload& payload);

// A block in the commit-seal form of `round`. Precondition: its extra data is QBFT's.
void append_block(rlp::Encoder& out, const UnrecoveredBlock& block, Round round);
// Fails unless the block has this height and names this round.
Result<BlockPtr> read_block(ByteView item, View view);

}  // namespace aitbc::qbft
