// The forms of a QBFT header and block (see extra_data.hpp).
#pragma once

#include <span>

#include "consensus/qbft/extra_data.hpp"
#include "types/block.hpp"
#include "types/header.hpp"

namespace aitbc::qbft {

// The mix hash of every QBFT header.
extern const Hash kMixHash;

// The digest of a block in a round: the hash of its commit-seal form. Fails when extra_data is not QBFT's.
Result<Hash> commit_seal_hash(const Header& hashed_form, Round round);

// A copy of the header with this round and these seals in its extra data.
Result<Header> with_round(const Header& header, Round round, std::span<const Signature> seals);

struct SplitHeader {
  Header header;  // hashed form
  Round round = 0;
  std::vector<Signature> seals;
};
// The inverse of with_round.
Result<SplitHeader> split(const Header& header);

// The RLP of a block in the commit-seal form, as proposals and round changes carry it.
Result<Bytes> encode_proposed_block(const UnrecoveredBlock& block, Round round);
struct ProposedBlock {
  UnrecoveredBlock block;  // header in the hashed form
  Round round = 0;
};
// Fails on seals as well: a proposed block has none.
Result<ProposedBlock> decode_proposed_block(ByteView encoded);

// The same block without its senders.
UnrecoveredBlock without_senders(const Block& block);

}  // namespace aitbc::qbft
