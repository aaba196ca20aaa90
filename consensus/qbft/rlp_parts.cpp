#include "consensus/qbft/rlp_parts.hpp"

namespace aitbc::qbft {

void append_signature(rlp::Encoder& out, const Signature& signature) { out.bytes(signature.to_bytes()); }

void append_signatures(rlp::Encoder& out, std::span<const Signature> signatures) {
  out.begin_list();
  for (const Signature& signature : signatures) append_signature(out, signature);
  out.end_list();
}

Result<Round> read_round(rlp::Decoder& in) {
  AITBC_ASSIGN(const Round round, in.u64());
  if (round > kMaxRound) return fail(ErrorCode::invalid_input, "qbft: impossible round");
  return round;
}

Result<Signature> read_signature(rlp::Decoder& in) {
  AITBC_ASSIGN(const ByteView bytes, in.bytes());
  return Signature::from_bytes(bytes);
}

Result<std::vector<Signature>> read_signatures(rlp::Decoder& in) {
  AITBC_ASSIGN(rlp::Decoder list, in.list());
  std::vector<Signature> signatures;
  while (!list.at_end()) {
    if (signatures.size() == kMaxValidators)
      return fail(ErrorCode::invalid_input, "qbft: too many signatures");
    AITBC_ASSIGN(const Signature signature, read_signature(list));
    signatures.push_back(signature);
  }
  return signatures;
}

}  // namespace aitbc::qbft
