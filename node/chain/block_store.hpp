// Reads and writes blocks, receipts and their indexes in a Store. Free functions over a Snapshot:
// thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "execution/transition.hpp"
#include "storage/store.hpp"
#include "types/block.hpp"
#include "types/receipt.hpp"

namespace aitbc::chain {

struct BlockMeta {
  Hash hash;
  std::uint32_t transaction_count = 0;
  std::uint32_t receipt_count = 0;  // one more than transactions when there is a system receipt
  std::uint64_t size_bytes = 0;     // of the block's RLP
  Bytes commit_proof;               // the consensus engine's
};

struct StoredReceipt {
  Receipt receipt;
  Gas gas_used = 0;
  Amount effective_gas_price;
  std::uint64_t first_log_index = 0;  // of this receipt's logs within the block
};

struct TransactionLocation {
  Height height = 0;
  std::uint32_t index = 0;
};

// nullopt: no such block or transaction in this snapshot.
Result<std::optional<Header>> read_header(const Snapshot& snapshot, Height height);
Result<std::optional<BlockMeta>> read_block_meta(const Snapshot& snapshot, Height height);
Result<std::optional<Height>> find_block(const Snapshot& snapshot, const Hash& hash);
// Also finds a system transaction (see system_transaction_hash): its index is the block's transaction_count.
Result<std::optional<TransactionLocation>> find_transaction(const Snapshot& snapshot, const Hash& hash);
// nullptr inside: the index is beyond the block's last transaction.
Result<TransactionPtr> read_transaction(const Snapshot& snapshot, TransactionLocation location);
// not_found below blocks_start().
Result<std::vector<TransactionPtr>> read_transactions(const Snapshot& snapshot, Height height);
// Theirs only, for a fraction of the time; not_found as above.
Result<std::vector<Hash>> read_transaction_hashes(const Snapshot& snapshot, Height height);
Result<std::optional<StoredReceipt>> read_receipt(const Snapshot& snapshot, TransactionLocation location);
// System receipt included, last.
Result<std::vector<StoredReceipt>> read_receipts(const Snapshot& snapshot, Height height);
Result<std::optional<Block>> read_block(const Snapshot& snapshot, Height height);

// The first height from which on blocks are stored whole. A node that began from a snapshot has only headers
// and proofs below it, and the genesis block.
Result<Height> blocks_start(const Snapshot& snapshot);
void append_blocks_start(WriteBatch& batch, Height height);
// The puts for a final block of which only the header is known.
void append_header(WriteBatch& batch, const Header& header, const Hash& hash, ByteView commit_proof);
void append_header_removal(WriteBatch& batch, Height height, const Hash& hash);

// The puts for one block come in two parts, since its hash is known last.
struct StoredBody {
  std::uint32_t transaction_count = 0;
  std::uint32_t receipt_count = 0;
  std::uint64_t size_bytes = 0;  // of the transactions' RLP
};
// Transactions, receipts, the transactions' hash index and the log index.
StoredBody append_body(WriteBatch& batch, Height height, std::span<const TransactionPtr> transactions,
                       const BlockOutcome& outcome);
// Header and meta, and where the block's hash is found.
void append_head(WriteBatch& batch, const Header& header, const Hash& hash, ByteView commit_proof,
                 const StoredBody& body);

}  // namespace aitbc::chain
