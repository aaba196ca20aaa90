// The forms in which the block store keeps a block's parts: its meta record, and pages of transactions with
// their receipts. Decoders report what does not read as corruption.
#pragma once

#include "codec/rlp.hpp"
#include "node/chain/block_store.hpp"

namespace aitbc::chain {

// Transactions per page. One write of a page costs about as much as one of a single record, so pages are
// what makes storing a block cheap; reading one transaction skips over at most this many.
inline constexpr std::uint32_t kPageTransactions = 16;

Bytes encode_meta(const BlockMeta& meta);
Result<BlockMeta> decode_meta(ByteView encoded);

// A receipt that stands alone: of the block's own work.
Bytes encode_system_receipt(const Receipt& receipt, std::uint64_t first_log_index);
// Of a system receipt, or of a page's entry.
Result<StoredReceipt> decode_stored_receipt(ByteView encoded);

// Writes one page: a sequence of RLP items, for each transaction sender, wire form and receipt.
class PageWriter {
 public:
  void add(const RecoveredTransaction& transaction, const Receipt& receipt, Gas gas_used,
           Amount effective_gas_price, std::uint64_t first_log_index);
  // The page so far; the writer starts another one.
  Bytes take() { return out_.take(); }

 private:
  rlp::Encoder out_;
};

struct PageEntry {
  Address sender;
  ByteView wire;     // into the page
  ByteView receipt;  // into the page
};
// At most kPageTransactions of them, in order.
Result<std::vector<PageEntry>> read_page(ByteView page);
// The sender is stored because recovering it costs as much as everything else together; the hash is the
// caller's, who can compute many at once.
Result<TransactionPtr> decode_entry(const PageEntry& entry, const Hash& hash);

}  // namespace aitbc::chain
