// Block headers in Ethereum's London form.
#pragma once

#include <optional>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace aitbc {

// keccak256(rlp([])): the ommers hash of every block.
inline constexpr Hash kEmptyOmmersHash{{0x1d, 0xcc, 0x4d, 0xe8, 0xde, 0xc7, 0x5d, 0x7a, 0xab, 0x85, 0xb5,
                                        0x67, 0xb6, 0xcc, 0xd4, 0x1a, 0xd3, 0x12, 0x45, 0x1b, 0x94, 0x8a,
                                        0x74, 0x13, 0xf0, 0xa1, 0x42, 0xfd, 0x40, 0xd4, 0x93, 0x47}};
// Root of an empty Merkle Patricia trie: keccak256(rlp("")).
inline constexpr Hash kEmptyTrieRoot{{0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45,
                                      0xe6, 0x92, 0xc0, 0xf8, 0x6e, 0x5b, 0x48, 0xe0, 0x1b, 0x99, 0x6c,
                                      0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21}};

// extra_data is always in the *hashed form* (QBFT: round 0, no seals), so keccak256(encode(header)) is the
// block hash for every client; round and seals travel and are stored beside the header as a commit proof.
struct Header {
  Hash parent_hash;
  Hash ommers_hash = kEmptyOmmersHash;
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

}  // namespace aitbc
