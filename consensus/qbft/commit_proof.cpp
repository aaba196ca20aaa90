#include "consensus/qbft/commit_proof.hpp"

#include "consensus/qbft/rlp_parts.hpp"

namespace aitbc::qbft {

Bytes encode(const CommitProof& proof) {
  rlp::Encoder out;
  out.begin_list();
  out.u64(proof.round);
  append_signatures(out, proof.seals);
  out.end_list();
  return out.take();
}

Result<CommitProof> decode_commit_proof(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder in, rlp::decode_list(encoded));
  CommitProof proof;
  AITBC_ASSIGN(proof.round, read_round(in));
  AITBC_ASSIGN(proof.seals, read_signatures(in));
  AITBC_TRY(in.finish());
  return proof;
}

}  // namespace aitbc::qbft
