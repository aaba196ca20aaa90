#include "node/chain/block_records.hpp"

#include <limits>

namespace aitbc::chain {
namespace {

void write_receipt(rlp::Encoder& out, const Receipt& receipt, Gas gas_used, Amount price,
                   std::uint64_t first_log_index) {
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
}

Result<Log> read_log(rlp::Decoder in) {
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

}  // namespace

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
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (transactions > kMost || receipts > kMost) return fail(ErrorCode::corruption, "a count is too large");
  meta.transaction_count = static_cast<std::uint32_t>(transactions);
  meta.receipt_count = static_cast<std::uint32_t>(receipts);
  meta.commit_proof = to_bytes(proof);
  return meta;
}

Bytes encode_system_receipt(const Receipt& receipt, std::uint64_t first_log_index) {
  rlp::Encoder out;
  write_receipt(out, receipt, 0, Amount(), first_log_index);
  return out.take();
}

Result<StoredReceipt> decode_stored_receipt(ByteView encoded) {
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
    AITBC_ASSIGN(Log log, read_log(item));
    out.receipt.logs.push_back(std::move(log));
  }
  AITBC_TRY(in.finish());
  if (type > static_cast<std::uint64_t>(TransactionType::dynamic_fee))
    return fail(ErrorCode::corruption, "unknown receipt type");
  out.receipt.type = static_cast<TransactionType>(type);
  out.receipt.bloom = bloom_of(out.receipt.logs);
  return out;
}

void PageWriter::add(const RecoveredTransaction& transaction, const Receipt& receipt, Gas gas_used,
                     Amount effective_gas_price, std::uint64_t first_log_index) {
  out_.bytes(transaction.sender).bytes(transaction.wire);
  write_receipt(out_, receipt, gas_used, effective_gas_price, first_log_index);
}

Result<std::vector<PageEntry>> read_page(ByteView page) {
  std::vector<PageEntry> out;
  out.reserve(kPageTransactions);
  rlp::Decoder in(page);
  while (!in.at_end()) {
    PageEntry entry;
    AITBC_ASSIGN(entry.sender, in.fixed<Address>());
    AITBC_ASSIGN(entry.wire, in.bytes());
    AITBC_ASSIGN(entry.receipt, in.raw());
    if (out.size() == kPageTransactions)
      return fail(ErrorCode::corruption, "too many transactions in a page");
    out.push_back(entry);
  }
  return out;
}

Result<TransactionPtr> decode_entry(const PageEntry& entry, const Hash& hash) {
  auto out = std::make_shared<RecoveredTransaction>();
  AITBC_ASSIGN(out->transaction, decode_transaction(entry.wire));
  out->wire = to_bytes(entry.wire);
  out->sender = entry.sender;
  out->hash = hash;
  return TransactionPtr(std::move(out));
}

}  // namespace aitbc::chain
