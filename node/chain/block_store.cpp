#include "node/chain/block_store.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include "crypto/keccak.hpp"
#include "node/chain/block_records.hpp"
#include "node/chain/schema.hpp"

namespace aitbc::chain {
namespace {

constexpr std::string_view kBlocksStartKey = "blocks_start";

tl::unexpected<Error> damaged(const char* what, Height height) {
  return fail(ErrorCode::corruption,
              std::string("the database holds a damaged ") + what + " of block " + std::to_string(height));
}

std::uint32_t read_be32(ByteView view) {
  return static_cast<std::uint32_t>(view[0]) << 24 | static_cast<std::uint32_t>(view[1]) << 16 |
         static_cast<std::uint32_t>(view[2]) << 8 | view[3];
}

Bytes be64_value(std::uint64_t value) {
  Bytes out;
  append_be64(out, value);
  return out;
}

// Calls `visit(entries)` for each page of a block, in order. Views are good during the call.
template <class Visit>
Result<void> for_each_page(const Snapshot& snapshot, Height height, Visit visit) {
  const Bytes first_key = page_key(height, 0);
  const ByteView prefix = ByteView(first_key).first(9);
  const auto iterator = snapshot.iterate(Table::blocks);
  std::uint32_t expected = 0;
  for (iterator->seek(first_key); iterator->valid() && starts_with(iterator->key(), prefix);
       iterator->next()) {
    if (iterator->key().size() != 13 || read_be32(iterator->key().subspan(9)) != expected)
      return fail(ErrorCode::corruption, "a gap among the pages of block " + std::to_string(height));
    const auto entries = read_page(iterator->value());
    if (!entries) return damaged("page", height);
    AITBC_TRY(visit(*entries));
    ++expected;
  }
  return iterator->status();
}

// The same with the hashes of the page's transactions: visit(entries, hashes). not_found below
// blocks_start().
template <class Visit>
Result<void> for_each_hashed_page(const Snapshot& snapshot, Height height, Visit visit) {
  bool is_empty = true;
  std::vector<ByteView> wires;
  std::vector<Hash> hashes;
  AITBC_TRY(for_each_page(snapshot, height, [&](const std::vector<PageEntry>& entries) -> Result<void> {
    is_empty = false;
    wires.clear();
    for (const PageEntry& entry : entries) wires.push_back(entry.wire);
    hashes.resize(wires.size());
    keccak256_batch(wires, hashes);
    return visit(entries, hashes);
  }));
  if (!is_empty || height == 0) return {};
  AITBC_ASSIGN(const Height start, blocks_start(snapshot));
  if (height >= start) return {};
  return fail(ErrorCode::not_found, "block " + std::to_string(height) +
                                        " is not stored here: this node began with block " +
                                        std::to_string(start));
}

// The page on which a transaction stands; nullopt when the block has no such page.
Result<std::optional<Bytes>> find_page(const Snapshot& snapshot, TransactionLocation location) {
  return snapshot.get(Table::blocks, page_key(location.height, location.index / kPageTransactions));
}

Result<std::optional<StoredReceipt>> read_system_receipt(const Snapshot& snapshot, Height height) {
  AITBC_ASSIGN(const auto value, snapshot.get(Table::blocks, system_receipt_key(height)));
  if (!value) return std::nullopt;
  auto receipt = decode_stored_receipt(*value);
  if (!receipt) return damaged("system receipt", height);
  return std::optional<StoredReceipt>(std::move(*receipt));
}

Bytes encode_location(Height height, std::uint32_t index) {
  Bytes out = be64_value(height);
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(index >> shift));
  return out;
}

void append_log_index(WriteBatch& batch, Height height, const BlockOutcome& outcome) {
  // A term counts once per block.
  boost::unordered_flat_set<Address, FixedBytesHash> addresses;
  boost::unordered_flat_set<Hash, FixedBytesHash> topics;
  for (const Receipt& receipt : outcome.receipts) {
    for (const Log& log : receipt.logs) {
      if (addresses.insert(log.address).second)
        batch.put(Table::index, log_term_key(log.address, height), {});
      for (const Hash& topic : log.topics)
        if (topics.insert(topic).second) batch.put(Table::index, log_term_key(topic, height), {});
    }
  }
}

}  // namespace

Result<std::optional<Header>> read_header(const Snapshot& snapshot, Height height) {
  AITBC_ASSIGN(const auto value, snapshot.get(Table::blocks, header_key(height)));
  if (!value) return std::nullopt;
  auto header = decode_header(*value);
  if (!header) return damaged("header", height);
  return std::optional<Header>(std::move(*header));
}

Result<std::optional<BlockMeta>> read_block_meta(const Snapshot& snapshot, Height height) {
  AITBC_ASSIGN(const auto value, snapshot.get(Table::blocks, block_meta_key(height)));
  if (!value) return std::nullopt;
  auto meta = decode_meta(*value);
  if (!meta) return damaged("record", height);
  return std::optional<BlockMeta>(std::move(*meta));
}

Result<std::optional<Height>> find_block(const Snapshot& snapshot, const Hash& hash) {
  AITBC_ASSIGN(const auto value, snapshot.get(Table::index, block_hash_key(hash)));
  if (!value) return std::nullopt;
  if (value->size() != 8) return fail(ErrorCode::corruption, "a damaged entry in the block index");
  return std::optional<Height>(read_be64(*value));
}

Result<std::optional<TransactionLocation>> find_transaction(const Snapshot& snapshot, const Hash& hash) {
  AITBC_ASSIGN(const auto value, snapshot.get(Table::index, transaction_hash_key(hash)));
  if (!value) return std::nullopt;
  if (value->size() != 12) return fail(ErrorCode::corruption, "a damaged entry in the transaction index");
  return std::optional(TransactionLocation{read_be64(*value), read_be32(ByteView(*value).subspan(8))});
}

Result<TransactionPtr> read_transaction(const Snapshot& snapshot, TransactionLocation location) {
  AITBC_ASSIGN(const auto page, find_page(snapshot, location));
  if (!page) return TransactionPtr();
  const auto entries = read_page(*page);
  if (!entries) return damaged("page", location.height);
  const std::size_t at = location.index % kPageTransactions;
  if (at >= entries->size()) return TransactionPtr();
  auto transaction = decode_entry((*entries)[at], keccak256((*entries)[at].wire));
  if (!transaction) return damaged("transaction", location.height);
  return transaction;
}

Result<std::vector<TransactionPtr>> read_transactions(const Snapshot& snapshot, Height height) {
  std::vector<TransactionPtr> out;
  AITBC_TRY(
      for_each_hashed_page(snapshot, height, [&](const auto& entries, const auto& hashes) -> Result<void> {
        for (std::size_t i = 0; i < entries.size(); ++i) {
          auto transaction = decode_entry(entries[i], hashes[i]);
          if (!transaction) return damaged("transaction", height);
          out.push_back(std::move(*transaction));
        }
        return {};
      }));
  return out;
}

Result<std::vector<Hash>> read_transaction_hashes(const Snapshot& snapshot, Height height) {
  std::vector<Hash> out;
  AITBC_TRY(for_each_hashed_page(snapshot, height, [&](const auto&, const auto& hashes) -> Result<void> {
    out.insert(out.end(), hashes.begin(), hashes.end());
    return {};
  }));
  return out;
}

Result<std::optional<StoredReceipt>> read_receipt(const Snapshot& snapshot, TransactionLocation location) {
  AITBC_ASSIGN(const auto page, find_page(snapshot, location));
  if (page) {
    const auto entries = read_page(*page);
    if (!entries) return damaged("page", location.height);
    const std::size_t at = location.index % kPageTransactions;
    if (at < entries->size()) {
      auto receipt = decode_stored_receipt((*entries)[at].receipt);
      if (!receipt) return damaged("receipt", location.height);
      return std::optional<StoredReceipt>(std::move(*receipt));
    }
  }
  // The block's own receipt stands behind the last transaction's.
  AITBC_ASSIGN(const auto meta, read_block_meta(snapshot, location.height));
  if (!meta || location.index != meta->transaction_count) return std::nullopt;
  return read_system_receipt(snapshot, location.height);
}

Result<std::vector<StoredReceipt>> read_receipts(const Snapshot& snapshot, Height height) {
  std::vector<StoredReceipt> out;
  const auto collect = [&](const std::vector<PageEntry>& entries) -> Result<void> {
    for (const PageEntry& entry : entries) {
      auto receipt = decode_stored_receipt(entry.receipt);
      if (!receipt) return damaged("receipt", height);
      out.push_back(std::move(*receipt));
    }
    return {};
  };
  AITBC_TRY(for_each_page(snapshot, height, collect));
  AITBC_ASSIGN(auto system, read_system_receipt(snapshot, height));
  if (system) out.push_back(std::move(*system));
  return out;
}

Result<std::optional<Block>> read_block(const Snapshot& snapshot, Height height) {
  AITBC_ASSIGN(auto header, read_header(snapshot, height));
  if (!header) return std::nullopt;
  AITBC_ASSIGN(auto transactions, read_transactions(snapshot, height));
  return std::optional<Block>(Block{std::move(*header), std::move(transactions)});
}

Result<Height> blocks_start(const Snapshot& snapshot) {
  AITBC_ASSIGN(const auto value, snapshot.get(Table::meta, as_bytes(kBlocksStartKey)));
  if (!value) return 0;
  if (value->size() != 8) return fail(ErrorCode::corruption, "a damaged blocks_start");
  return read_be64(*value);
}

void append_blocks_start(WriteBatch& batch, Height height) {
  batch.put(Table::meta, as_bytes(kBlocksStartKey), be64_value(height));
}

void append_header(WriteBatch& batch, const Header& header, const Hash& hash, ByteView commit_proof) {
  const Height height = header.number;
  batch.put(Table::blocks, header_key(height), encode(header));
  batch.put(Table::blocks, block_meta_key(height), encode_meta({hash, 0, 0, 0, to_bytes(commit_proof)}));
  batch.put(Table::index, block_hash_key(hash), be64_value(height));
}

void append_header_removal(WriteBatch& batch, Height height, const Hash& hash) {
  batch.erase(Table::blocks, header_key(height));
  batch.erase(Table::blocks, block_meta_key(height));
  batch.erase(Table::index, block_hash_key(hash));
}

StoredBody append_body(WriteBatch& batch, Height height, std::span<const TransactionPtr> transactions,
                       const BlockOutcome& outcome) {
  StoredBody out{static_cast<std::uint32_t>(transactions.size()),
                 static_cast<std::uint32_t>(outcome.receipts.size()), 0};
  std::uint64_t log_index = 0;
  PageWriter page;
  for (std::uint32_t i = 0; i < out.transaction_count; ++i) {
    const RecoveredTransaction& transaction = *transactions[i];
    const bool typed = transaction.transaction.type != TransactionType::legacy;
    out.size_bytes += typed ? rlp::encoded_size(transaction.wire) : transaction.wire.size();
    page.add(transaction, outcome.receipts[i], outcome.gas_used[i], outcome.effective_gas_price[i],
             log_index);
    log_index += outcome.receipts[i].logs.size();
    if ((i + 1) % kPageTransactions == 0 || i + 1 == out.transaction_count)
      batch.put(Table::blocks, page_key(height, i / kPageTransactions), page.take());
    batch.put(Table::index, transaction_hash_key(transaction.hash), encode_location(height, i));
  }
  if (out.receipt_count > out.transaction_count) {
    batch.put(Table::blocks, system_receipt_key(height),
              encode_system_receipt(outcome.receipts.back(), log_index));
    batch.put(Table::index, transaction_hash_key(system_transaction_hash(height)),
              encode_location(height, out.transaction_count));
  }
  append_log_index(batch, height, outcome);
  return out;
}

void append_head(WriteBatch& batch, const Header& header, const Hash& hash, ByteView commit_proof,
                 const StoredBody& body) {
  // Of the block's and the body's list headers; at most a few bytes off.
  constexpr std::size_t kListOverhead = 9;
  const Height height = header.number;
  const Bytes encoded = encode(header);
  const BlockMeta meta{hash, body.transaction_count, body.receipt_count,
                       encoded.size() + body.size_bytes + kListOverhead, to_bytes(commit_proof)};
  batch.put(Table::blocks, header_key(height), encoded);
  batch.put(Table::blocks, block_meta_key(height), encode_meta(meta));
  batch.put(Table::index, block_hash_key(hash), be64_value(height));
}

}  // namespace aitbc::chain
