#include "node/chain/block_store.hpp"

#include <set>

#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "node/chain/schema.hpp"

namespace aitbc::chain {
namespace {

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

Bytes encode_meta(const BlockMeta& meta) {
  rlp::Encoder out;
  out.begin_list();
  out.bytes(meta.hash).u64(meta.transaction_count).u64(meta.receipt_count).u64(meta.size_bytes);
  out.bytes(meta.commit_proof);
  out.end_list();
  return out.take();
}

Result<BlockMeta> decode_meta(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder in, rlp::decode_list(encoded));
  BlockMeta meta;
  AITBC_ASSIGN(meta.hash, in.fixed<Hash>());
  AITBC_ASSIGN(const std::uint64_t transactions, in.u64());
  AITBC_ASSIGN(const std::uint64_t receipts, in.u64());
  AITBC_ASSIGN(meta.size_bytes, in.u64());
  AITBC_ASSIGN(const ByteView proof, in.bytes());
  AITBC_TRY(in.finish());
  meta.transaction_count = static_cast<std::uint32_t>(transactions);
  meta.receipt_count = static_cast<std::uint32_t>(receipts);
  meta.commit_proof = to_bytes(proof);
  return meta;
}

Bytes encode_stored(const Receipt& receipt, Gas gas_used, Amount price, std::uint64_t first_log_index) {
  rlp::Encoder out;
  out.begin_list();
  out.u64(static_cast<std::uint64_t>(receipt.type)).boolean(receipt.succeeded);
  out.u64(receipt.cumulative_gas_used).u64(gas_used).amount(price).u64(first_log_index);
  out.begin_list();
  for (const Log& log : receipt.logs) {
    out.begin_list().bytes(log.address);
    out.begin_list();
    for (const Hash& topic : log.topics) out.bytes(topic);
    out.end_list().bytes(log.data).end_list();
  }
  out.end_list().end_list();
  return out.take();
}

Result<Log> decode_log(rlp::Decoder in) {
  Log log;
  AITBC_ASSIGN(log.address, in.fixed<Address>());
  AITBC_ASSIGN(rlp::Decoder topics, in.list());
  while (!topics.at_end()) {
    AITBC_ASSIGN(const Hash topic, topics.fixed<Hash>());
    log.topics.push_back(topic);
  }
  AITBC_ASSIGN(const ByteView data, in.bytes());
  log.data = to_bytes(data);
  AITBC_TRY(in.finish());
  return log;
}

Result<StoredReceipt> decode_stored(ByteView encoded) {
  AITBC_ASSIGN(rlp::Decoder in, rlp::decode_list(encoded));
  StoredReceipt out;
  AITBC_ASSIGN(const std::uint64_t type, in.u64());
  AITBC_ASSIGN(out.receipt.succeeded, in.boolean());
  AITBC_ASSIGN(out.receipt.cumulative_gas_used, in.u64());
  AITBC_ASSIGN(out.gas_used, in.u64());
  AITBC_ASSIGN(out.effective_gas_price, in.amount());
  AITBC_ASSIGN(out.first_log_index, in.u64());
  AITBC_ASSIGN(rlp::Decoder logs, in.list());
  while (!logs.at_end()) {
    AITBC_ASSIGN(const rlp::Decoder item, logs.list());
    AITBC_ASSIGN(Log log, decode_log(item));
    out.receipt.logs.push_back(std::move(log));
  }
  AITBC_TRY(in.finish());
  if (type > static_cast<std::uint64_t>(TransactionType::dynamic_fee))
    return fail(ErrorCode::corruption, "unknown receipt type");
  out.receipt.type = static_cast<TransactionType>(type);
  out.receipt.bloom = bloom_of(out.receipt.logs);
  return out;
}

// The sender is stored because recovering it costs as much as everything else together; the hash is
// recomputed.
Result<TransactionPtr> decode_stored_transaction(ByteView stored, const Hash& hash) {
  if (stored.size() < Address::kSize) return fail(ErrorCode::corruption, "short transaction record");
  const ByteView wire = stored.subspan(Address::kSize);
  auto out = std::make_shared<RecoveredTransaction>();
  AITBC_ASSIGN(out->transaction, decode_transaction(wire));
  out->wire = to_bytes(wire);
  out->sender = Address::from(stored.first(Address::kSize));
  out->hash = hash;
  return TransactionPtr(std::move(out));
}

// Calls `visit(index, value)` for the records of one kind and block, in order.
template <class Visit>
Result<void> for_each_position(const Snapshot& snapshot, const Bytes& first_key, Visit visit) {
  const ByteView prefix = ByteView(first_key).first(9);
  const auto iterator = snapshot.iterate(Table::blocks);
  std::uint32_t expected = 0;
  for (iterator->seek(first_key); iterator->valid() && starts_with(iterator->key(), prefix);
       iterator->next()) {
    if (iterator->key().size() != 13 || read_be32(iterator->key().subspan(9)) != expected)
      return fail(ErrorCode::corruption, "a gap among the records of a block");
    AITBC_TRY(visit(expected, iterator->value()));
    ++expected;
  }
  return iterator->status();
}

void append_log_index(WriteBatch& batch, Height height, const BlockOutcome& outcome) {
  std::set<Bytes> keys;  // a term counts once per block
  for (const Receipt& receipt : outcome.receipts) {
    for (const Log& log : receipt.logs) {
      keys.insert(log_term_key(log.address, height));
      for (const Hash& topic : log.topics) keys.insert(log_term_key(topic, height));
    }
  }
  for (const Bytes& key : keys) batch.put(Table::index, key, {});
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
  AITBC_ASSIGN(const auto value,
               snapshot.get(Table::blocks, transaction_key(location.height, location.index)));
  if (!value) return TransactionPtr();
  if (value->size() < Address::kSize) return damaged("transaction", location.height);
  auto transaction = decode_stored_transaction(*value, keccak256(ByteView(*value).subspan(Address::kSize)));
  if (!transaction) return damaged("transaction", location.height);
  return transaction;
}

Result<std::vector<TransactionPtr>> read_transactions(const Snapshot& snapshot, Height height) {
  std::vector<Bytes> stored;
  const auto collect = [&](std::uint32_t, ByteView value) -> Result<void> {
    if (value.size() < Address::kSize) return damaged("transaction", height);
    stored.push_back(to_bytes(value));
    return {};
  };
  AITBC_TRY(for_each_position(snapshot, transaction_key(height, 0), collect));
  std::vector<ByteView> wires;
  wires.reserve(stored.size());
  for (const Bytes& record : stored) wires.push_back(ByteView(record).subspan(Address::kSize));
  std::vector<Hash> hashes(wires.size());
  keccak256_batch(wires, hashes);
  std::vector<TransactionPtr> out;
  out.reserve(stored.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    auto transaction = decode_stored_transaction(stored[i], hashes[i]);
    if (!transaction) return damaged("transaction", height);
    out.push_back(std::move(*transaction));
  }
  return out;
}

Result<std::optional<StoredReceipt>> read_receipt(const Snapshot& snapshot, TransactionLocation location) {
  AITBC_ASSIGN(const auto value, snapshot.get(Table::blocks, receipt_key(location.height, location.index)));
  if (!value) return std::nullopt;
  auto receipt = decode_stored(*value);
  if (!receipt) return damaged("receipt", location.height);
  return std::optional<StoredReceipt>(std::move(*receipt));
}

Result<std::vector<StoredReceipt>> read_receipts(const Snapshot& snapshot, Height height) {
  std::vector<StoredReceipt> out;
  const auto collect = [&](std::uint32_t, ByteView value) -> Result<void> {
    auto receipt = decode_stored(value);
    if (!receipt) return damaged("receipt", height);
    out.push_back(std::move(*receipt));
    return {};
  };
  AITBC_TRY(for_each_position(snapshot, receipt_key(height, 0), collect));
  return out;
}

Result<std::optional<Block>> read_block(const Snapshot& snapshot, Height height) {
  AITBC_ASSIGN(auto header, read_header(snapshot, height));
  if (!header) return std::nullopt;
  AITBC_ASSIGN(auto transactions, read_transactions(snapshot, height));
  return std::optional<Block>(Block{std::move(*header), std::move(transactions)});
}

void append_block(WriteBatch& batch, const Block& block, const Hash& hash, ByteView commit_proof,
                  const BlockOutcome& outcome) {
  const Height height = block.header.number;
  Bytes header = encode(block.header);
  std::size_t size = header.size();
  for (std::uint32_t i = 0; i < block.transactions.size(); ++i) {
    const RecoveredTransaction& transaction = *block.transactions[i];
    const bool typed = transaction.transaction.type != TransactionType::legacy;
    size += typed ? rlp::encoded_size(transaction.wire) : transaction.wire.size();
    Bytes stored;
    stored.reserve(Address::kSize + transaction.wire.size());
    append(stored, transaction.sender);
    append(stored, transaction.wire);
    batch.put(Table::blocks, transaction_key(height, i), std::move(stored));
    Bytes location = be64_value(height);
    for (int shift = 24; shift >= 0; shift -= 8) location.push_back(static_cast<std::uint8_t>(i >> shift));
    batch.put(Table::index, transaction_hash_key(transaction.hash), std::move(location));
  }

  const auto transaction_count = static_cast<std::uint32_t>(block.transactions.size());
  std::uint64_t log_index = 0;
  for (std::uint32_t i = 0; i < outcome.receipts.size(); ++i) {
    const bool system = i >= transaction_count;
    const Receipt& receipt = outcome.receipts[i];
    const Gas gas_used = system ? 0 : outcome.gas_used[i];
    const Amount price = system ? Amount() : outcome.effective_gas_price[i];
    batch.put(Table::blocks, receipt_key(height, i), encode_stored(receipt, gas_used, price, log_index));
    log_index += receipt.logs.size();
    if (system) {
      Bytes location = be64_value(height);
      for (int shift = 24; shift >= 0; shift -= 8) location.push_back(static_cast<std::uint8_t>(i >> shift));
      batch.put(Table::index, transaction_hash_key(system_transaction_hash(height)), std::move(location));
    }
  }

  constexpr std::size_t kListOverhead =
      9;  // of the block's and the body's list headers, at most a few bytes off
  const BlockMeta meta{hash, transaction_count, static_cast<std::uint32_t>(outcome.receipts.size()),
                       size + kListOverhead, to_bytes(commit_proof)};
  batch.put(Table::blocks, header_key(height), std::move(header));
  batch.put(Table::blocks, block_meta_key(height), encode_meta(meta));
  batch.put(Table::index, block_hash_key(hash), be64_value(height));
  append_log_index(batch, height, outcome);
}

}  // namespace aitbc::chain
