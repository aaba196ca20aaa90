#include "node/rpc/render.hpp"

namespace aitbc::rpc {
namespace {

// What a legacy transaction's v is without EIP-155, and with it.
constexpr std::uint64_t kLegacyV = 27;
constexpr std::uint64_t kReplayProtectedV = 35;

std::uint64_t v_of(const Transaction& transaction) {
  const std::uint64_t parity = transaction.signature.y_parity;
  if (transaction.type != TransactionType::legacy) return parity;
  return transaction.chain_id ? *transaction.chain_id * 2 + kReplayProtectedV + parity : kLegacyV + parity;
}

void write_place(JsonWriter& out, const BlockPlace* place, std::uint32_t index) {
  if (place == nullptr) {
    out.key("blockHash").null().key("blockNumber").null().key("blockTimestamp").null();
    out.key("transactionIndex").null();
    return;
  }
  out.key("blockHash").data(place->hash).key("blockNumber").quantity(place->height);
  out.key("blockTimestamp").quantity(place->timestamp).key("transactionIndex").quantity(index);
}

void write_fees(JsonWriter& out, const Transaction& transaction, const BlockPlace* place) {
  Uint256 gas_price = transaction.max_fee_per_gas;
  if (place != nullptr) {
    if (const auto fee = effective_fee(transaction, place->base_fee)) gas_price = fee->gas_price.to_uint256();
  }
  out.key("gasPrice").quantity(gas_price);
  if (transaction.type != TransactionType::dynamic_fee) return;
  out.key("maxFeePerGas").quantity(transaction.max_fee_per_gas);
  out.key("maxPriorityFeePerGas").quantity(transaction.max_priority_fee_per_gas);
}

void write_access_list(JsonWriter& out, const AccessList& list) {
  out.key("accessList").begin_array();
  for (const AccessListEntry& entry : list) {
    out.begin_object().key("address").data(entry.address).key("storageKeys").begin_array();
    for (const Hash& key : entry.storage_keys) out.data(key);
    out.end_array().end_object();
  }
  out.end_array();
}

void write_signature(JsonWriter& out, const Transaction& transaction) {
  const Signature& signature = transaction.signature;
  out.key("v").quantity(v_of(transaction));
  out.key("r").quantity(Uint256::from_be(signature.r)).key("s").quantity(Uint256::from_be(signature.s));
  if (transaction.type != TransactionType::legacy)
    out.key("yParity").quantity(std::uint64_t{signature.y_parity});
}

void write_address_or_null(JsonWriter& out, const std::optional<Address>& address) {
  if (address)
    out.data(*address);
  else
    out.null();
}

}  // namespace

BlockPlace place_of(const Header& header, const Hash& hash) {
  return {hash, header.number, header.timestamp, header.base_fee_per_gas.value_or(Amount{})};
}

void write_header_members(JsonWriter& out, const Header& header, const Hash& hash) {
  out.key("number").quantity(header.number).key("hash").data(hash);
  out.key("parentHash").data(header.parent_hash).key("nonce").data(header.nonce);
  out.key("mixHash").data(header.mix_hash).key("sha3Uncles").data(header.ommers_hash);
  out.key("logsBloom").data(header.logs_bloom).key("stateRoot").data(header.state_root);
  out.key("transactionsRoot").data(header.transactions_root);
  out.key("receiptsRoot").data(header.receipts_root);
  out.key("miner").data(header.coinbase).key("difficulty").quantity(header.difficulty);
  out.key("extraData").data(header.extra_data).key("gasLimit").quantity(header.gas_limit);
  out.key("gasUsed").quantity(header.gas_used).key("timestamp").quantity(header.timestamp);
  if (header.base_fee_per_gas) out.key("baseFeePerGas").quantity(*header.base_fee_per_gas);
}

void write_block_members(JsonWriter& out, const Header& header, const Hash& hash,
                         const BlockFigures& figures) {
  write_header_members(out, header, hash);
  out.key("totalDifficulty").quantity(figures.genesis_difficulty + header.number);
  out.key("size").quantity(figures.size_bytes).key("uncles").begin_array().end_array();
}

void write_transaction(JsonWriter& out, const RecoveredTransaction& recovered, const BlockPlace* place,
                       std::uint32_t index) {
  const Transaction& transaction = recovered.transaction;
  out.begin_object();
  write_place(out, place, index);
  out.key("hash").data(recovered.hash).key("type").quantity(static_cast<std::uint64_t>(transaction.type));
  out.key("nonce").quantity(transaction.nonce).key("from").data(recovered.sender);
  out.key("to");
  write_address_or_null(out, transaction.to);
  out.key("value").quantity(transaction.value).key("gas").quantity(transaction.gas_limit);
  write_fees(out, transaction, place);
  out.key("input").data(transaction.data);
  if (transaction.type != TransactionType::legacy) write_access_list(out, transaction.access_list);
  if (transaction.chain_id) out.key("chainId").quantity(*transaction.chain_id);
  write_signature(out, transaction);
  out.end_object();
}

void write_system_transaction(JsonWriter& out, const BlockPlace& place, std::uint32_t index,
                              const Address& to) {
  out.begin_object();
  write_place(out, &place, index);
  out.key("hash").data(system_transaction_hash(place.height)).key("type").quantity(std::uint64_t{0});
  out.key("nonce").quantity(std::uint64_t{0}).key("from").data(Address{}).key("to").data(to);
  out.key("value").quantity(std::uint64_t{0}).key("gas").quantity(std::uint64_t{0});
  out.key("gasPrice").quantity(std::uint64_t{0}).key("input").data({});
  // Nobody signed it; libraries want a signature of the right form all the same.
  out.key("v").quantity(kLegacyV).key("r").quantity(std::uint64_t{0}).key("s").quantity(std::uint64_t{0});
  out.end_object();
}

void write_log(JsonWriter& out, const chain::FoundLog& found) {
  out.begin_object().key("address").data(found.log.address).key("topics").begin_array();
  for (const Hash& topic : found.log.topics) out.data(topic);
  out.end_array().key("data").data(found.log.data);
  out.key("blockNumber").quantity(found.height).key("blockHash").data(found.block_hash);
  out.key("blockTimestamp").quantity(found.block_timestamp);
  out.key("transactionHash").data(found.transaction_hash);
  out.key("transactionIndex").quantity(std::uint64_t{found.transaction_index});
  out.key("logIndex").quantity(found.log_index).key("removed").boolean(false).end_object();
}

void write_logs(JsonWriter& out, std::span<const chain::FoundLog> logs) {
  out.begin_array();
  for (const chain::FoundLog& log : logs) write_log(out, log);
  out.end_array();
}

void write_receipt(JsonWriter& out, const chain::StoredReceipt& stored, const ReceiptSubject& subject,
                   const BlockPlace& place) {
  const Receipt& receipt = stored.receipt;
  out.begin_object();
  out.key("transactionHash")
      .data(subject.hash)
      .key("transactionIndex")
      .quantity(std::uint64_t{subject.index});
  out.key("blockHash").data(place.hash).key("blockNumber").quantity(place.height);
  out.key("from").data(subject.from).key("to");
  write_address_or_null(out, subject.to);
  out.key("cumulativeGasUsed").quantity(receipt.cumulative_gas_used).key("gasUsed").quantity(stored.gas_used);
  out.key("effectiveGasPrice").quantity(stored.effective_gas_price).key("contractAddress").null();
  out.key("logs").begin_array();
  for (std::size_t i = 0; i < receipt.logs.size(); ++i)
    write_log(out, {receipt.logs[i], place.height, place.hash, place.timestamp, subject.hash, subject.index,
                    stored.first_log_index + i});
  out.end_array().key("logsBloom").data(receipt.bloom);
  out.key("status").quantity(std::uint64_t{receipt.succeeded ? 1U : 0U});
  out.key("type").quantity(static_cast<std::uint64_t>(receipt.type)).end_object();
}

}  // namespace aitbc::rpc
