// Blocks, transactions, receipts and logs as Ethereum's JSON-RPC shows them.
#pragma once

#include <optional>
#include <span>

#include "node/chain/block_store.hpp"
#include "node/chain/log_query.hpp"
#include "node/json/json_writer.hpp"

namespace aitbc::rpc {

// Where something of a block stands.
struct BlockPlace {
  Hash hash;
  Height height = 0;
  Seconds timestamp = 0;
  Amount base_fee;
};
BlockPlace place_of(const Header& header, const Hash& hash);

// The members of a header, into an open object: as newHeads announces it.
void write_header_members(JsonWriter& out, const Header& header, const Hash& hash);
// Further members of a block beside the header's and its transactions. Every block of this chain has
// difficulty 1, so the total is worked out from genesis.
struct BlockFigures {
  std::uint64_t size_bytes = 0;
  std::uint64_t genesis_difficulty = 0;
};
void write_block_members(JsonWriter& out, const Header& header, const Hash& hash,
                         const BlockFigures& figures);

// place: nullptr while the transaction waits in the pool.
void write_transaction(JsonWriter& out, const RecoveredTransaction& transaction, const BlockPlace* place,
                       std::uint32_t index);
// The stand-in for a transaction under which a block's end-of-block logs are found: from nobody, free of
// charge, to the contract that did the work.
void write_system_transaction(JsonWriter& out, const BlockPlace& place, std::uint32_t index,
                              const Address& to);

// What a receipt takes from its transaction.
struct ReceiptSubject {
  Hash hash;
  std::uint32_t index = 0;
  Address from;
  std::optional<Address> to;
};
void write_receipt(JsonWriter& out, const chain::StoredReceipt& stored, const ReceiptSubject& subject,
                   const BlockPlace& place);

void write_log(JsonWriter& out, const chain::FoundLog& found);
void write_logs(JsonWriter& out, std::span<const chain::FoundLog> logs);

}  // namespace aitbc::rpc
