// The chain's keys in the store. Table::state, Table::trie and Table::mempool belong to core/execution and
// mempool.
//
// meta     "format" -> be64                        version of this schema
//          "genesis" -> hash, "genesis_json" -> text
//          "head" -> be64 height
//          "history_start" -> be64                 the oldest height whose state can be read
//          "blocks_start" -> be64                  the oldest height whose block is stored whole
// blocks   Height first: what is added comes behind all that is there, so compaction moves it without a copy.
//          be64 height | 'c' -> what the block changed: keys and values before it
//          be64 height | 'h' -> rlp header          (hashed form)
//          be64 height | 'm' -> BlockMeta
//          be64 height | 'p' | be32 page -> 16 transactions with their receipts (block_records.hpp)
//          be64 height | 's' -> the receipt of the block's own work, where it left logs
// index    'b' | block hash -> be64 height
//          'x' | transaction hash -> be64 height | be32 index
//          'l' | log term(8) | be64 height -> nothing
// history  'k' | ordered(state key) | be64 height -> nothing
#pragma once

#include <optional>

#include "base/bytes.hpp"

namespace aitbc::chain {

inline constexpr std::uint64_t kSchemaFormat = 3;

Bytes header_key(Height height);
Bytes block_meta_key(Height height);
Bytes page_key(Height height, std::uint32_t page);
Bytes system_receipt_key(Height height);
Bytes block_hash_key(const Hash& hash);
Bytes transaction_hash_key(const Hash& hash);
// A log term is an address or a topic; eight bytes of it (after hashing short ones) are index enough, since
// every hit is checked against the receipts.
Bytes log_term_prefix(ByteView term);
Bytes log_term_key(ByteView term, Height height);
Bytes change_set_key(Height height);
// ordered(key): zero bytes as 00 01, then 00 00. No such form is a prefix of another one, and they sort as
// the keys do, so entries of different keys never interleave.
Bytes change_index_prefix(ByteView state_key);
Bytes change_index_key(ByteView state_key, Height height);
// Where the entries of keys >= `state_key` start.
Bytes change_index_start(ByteView state_key);
struct ChangeIndexEntry {
  Bytes state_key;
  Height height = 0;
};
// nullopt unless it is what change_index_key() makes.
std::optional<ChangeIndexEntry> parse_change_index(ByteView index_key);

}  // namespace aitbc::chain
