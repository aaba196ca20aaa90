// Block headers in Ethereum's London form.
#pragma once

#include <optional>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace aitbc {

// extra_data is always in the *hashed form* (QBFT: round 0, no seals), so keccak256(encode(header)) is the
// block hash for every client; round and seals travel and are stored beside the header as a commit proof.
struct Header {
  Hash parent_hash;
  Hash ommers_hash;  // always that of an empty list
  Address coinbase;  // the proposer
  Hash state_root;
  Hash transactions_root;
  Hash receipts_root;
  Bloom logs_bloom;
  std::uint64_t difficulty = 1;
  Height number = 0;
  Gas gas_limit = 0;
  Gas gas_used = 0;
  Seconds timestamp = 0;
  Bytes extra_data;
  Hash mix_hash;
  FixedBytes<8, struct HeaderNonceTag> nonce;
  std::optional<Amount> base_fee_per_gas;  // present from London on (EIP-1559)

  bool operator==(const Header&) const = default;
};

Bytes encode(const Header& header);
Result<Header> decode_header(ByteView encoded);
// keccak256 of the encoding.
Hash header_hash(const Header& header);

// keccak256(rlp([])): the ommers hash of every block.
extern const Hash kEmptyOmmersHash;
// Root of an empty Merkle Patricia trie.
extern const Hash kEmptyTrieRoot;

}  // namespace aitbc
