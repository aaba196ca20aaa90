// Pieces that several of QBFT's encodings share.
#pragma once

#include <span>
#include <vector>

#include "codec/rlp.hpp"
#include "consensus/qbft/round.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc::qbft {

void append_signature(rlp::Encoder& out, const Signature& signature);
// A list of 65-byte strings.
void append_signatures(rlp::Encoder& out, std::span<const Signature> signatures);

Result<Round> read_round(rlp::Decoder& in);
Result<Signature> read_signature(rlp::Decoder& in);
// At most kMaxValidators of them.
Result<std::vector<Signature>> read_signatures(rlp::Decoder& in);

}  // namespace aitbc::qbft
