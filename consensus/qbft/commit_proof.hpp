// What makes a block final, kept and sent beside it: the round in which it was agreed and the validators'
// commit seals. Encoded as rlp([round, [65-byte seals]]).
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "consensus/qbft/round.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc::qbft {

struct CommitProof {
  Round round = 0;
  std::vector<Signature> seals;  // this engine writes them in ascending order of their signers
  bool operator==(const CommitProof&) const = default;
};

Bytes encode(const CommitProof& proof);
Result<CommitProof> decode_commit_proof(ByteView encoded);

}  // namespace aitbc::qbft
