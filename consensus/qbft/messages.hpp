// QBFT's four messages, as in Hyperledger Besu from 24.12 on and the Dafny specification.
//
//   PROPOSAL      0x12  payload [height, round, block]                              [[payload, sig], [[signed
//   round
//                                                                                    changes], [signed
//                                                                                    prepares]]]
//   PREPARE       0x13  payload [height, round, digest]                             [payload, sig]
//   COMMIT        0x14  payload [height, round, digest, commit seal]                [payload, sig]
//   ROUND-CHANGE  0x15  payload [height, round, [] or [prepared round, digest]]     [[payload, sig], block or
//   [],
//                                                                                    [signed prepares]]
//
// sig signs keccak256(rlp([code, payload])). A digest is the commit-seal hash of the block in the round (for
// a prepared block, in the round in which it was prepared). Between nodes a message is its code byte and its
// RLP.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "consensus/qbft/round.hpp"
#include "consensus/qbft/signatures.hpp"
#include "types/block.hpp"

namespace aitbc::qbft {

enum class MessageCode : std::uint8_t { proposal = 0x12, prepare = 0x13, commit = 0x14, round_change = 0x15 };

// A block under discussion, header in the hashed form. Shared: it is compared, sent and stored, never
// changed.
using BlockPtr = std::shared_ptr<const UnrecoveredBlock>;

struct ProposalPayload {
  static constexpr MessageCode kCode = MessageCode::proposal;
  Height height = 0;
  Round round = 0;
  BlockPtr block;  // never null
};

struct PreparePayload {
  static constexpr MessageCode kCode = MessageCode::prepare;
  Height height = 0;
  Round round = 0;
  Hash digest;
};

struct CommitPayload {
  static constexpr MessageCode kCode = MessageCode::commit;
  Height height = 0;
  Round round = 0;
  Hash digest;
  Signature seal;
};

struct Prepared {
  Round round = 0;
  Hash digest;
  bool operator==(const Prepared&) const = default;
};

struct RoundChangePayload {
  static constexpr MessageCode kCode = MessageCode::round_change;
  Height height = 0;
  Round round = 0;  // the round to change to, at least 1
  std::optional<Prepared> prepared;
};

template <class Payload>
struct Signed {
  Payload payload;
  Signature signature;
  Hash signing_hash;  // what the signature signs
  Address author;     // set by authenticate() or make_signed(), zero before
};
using SignedProposal = Signed<ProposalPayload>;
using Prepare = Signed<PreparePayload>;
using Commit = Signed<CommitPayload>;
using SignedRoundChange = Signed<RoundChangePayload>;

struct Proposal {
  SignedProposal proposal;
  std::vector<SignedRoundChange> round_changes;
  std::vector<Prepare> prepares;
};

struct RoundChange {
  SignedRoundChange round_change;
  BlockPtr block;  // the prepared block; null when nothing was prepared
  std::vector<Prepare> prepares;
};

using Message = std::variant<Proposal, Prepare, Commit, RoundChange>;

// Preconditions: blocks have QBFT extra data in the hashed form.
Bytes encode(const Message& message);
// The part that travels inside other messages and in the write-ahead record.
Bytes encode(const Prepare& prepare);

// Decodes and hashes; verifies no signature. Accepts exactly what encode() makes: canonical RLP, rounds up to
// kMaxRound, at most kMaxValidators entries in a list, a proposed block without seals that names the
// message's own height and round, a round change that has a block and prepares if and only if it says it
// prepared one.
Result<Message> decode_message(ByteView encoded);
Result<Prepare> decode_prepare(ByteView encoded);

struct View {
  Height height = 0;
  Round round = 0;
  auto operator<=>(const View&) const = default;
};
View view_of(const Message& message);

// Makes and signs.
template <class Payload>
Signed<Payload> make_signed(Payload payload, const Signatures& signatures);

// Recovers the author; false when the signature is none. Only the outer signature of a message: the inner
// ones belong to its justification (justification.hpp).
template <class Payload>
bool authenticate(Signed<Payload>& message, const Signatures& signatures) {
  auto author = signatures.recover(message.signing_hash, message.signature);
  if (author) message.author = *author;
  return author.has_value();
}
bool authenticate(Message& message, const Signatures& signatures);
const Address& author_of(const Message& message);

}  // namespace aitbc::qbft
