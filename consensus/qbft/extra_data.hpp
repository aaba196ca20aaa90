// The extraData field of a QBFT header:
//
//   rlp([32-byte vanity, [validator addresses], vote or [], round, [65-byte seals]])
//
// One header, three forms of it, which differ in the last two fields only:
//
//   hashed form      round 0,    no seals   Header::extra_data throughout this node; its hash is the block
//   hash commit-seal form real round, no seals   its hash is the digest of PREPARE and COMMIT, and what seals
//   sign wire form        real round, seals      what other QBFT implementations store and export
//
// A proposal carries its block in the commit-seal form. Round and seals of a final block are kept beside it
// as its commit proof (commit_proof.hpp).
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "consensus/qbft/round.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc::qbft {

// A validator's vote, cast by the proposer of a block in its header.
struct Vote {
  Address subject;
  bool add = true;  // false: drop
  auto operator<=>(const Vote&) const = default;
};

using Vanity = FixedBytes<32, struct VanityTag>;

struct ExtraData {
  Vanity vanity;                    // free text, never judged
  std::vector<Address> validators;  // of this very block, strictly ascending, at least one
  std::optional<Vote> vote;
  Round round = 0;
  std::vector<Signature> seals;
  bool operator==(const ExtraData&) const = default;
};

Bytes encode(const ExtraData& extra);
// Accepts exactly what encode() makes of a value within its bounds. Seals are not verified.
Result<ExtraData> decode_extra_data(ByteView encoded);

// The extra data of a genesis block that starts with these validators, in any order.
// Precondition: at least one, none twice.
Bytes genesis_extra_data(std::vector<Address> validators);

}  // namespace aitbc::qbft
