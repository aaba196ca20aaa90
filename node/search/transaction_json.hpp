// Transactions and events as the queries show them.
#pragma once

#include "marketplace/json_writer.hpp"
#include "node/chain/chain.hpp"

namespace aitbc::search {

// "BOOK", ...; TRANSFER when it is not for the marketplace.
std::string transaction_type(const RecoveredTransaction& transaction);
// The member "events": those of the marketplace among the logs.
void write_events(market::JsonWriter& out, const Logs& logs);
// One object. corruption when its block is not whole.
Result<void> write_transaction(market::JsonWriter& out, const chain::ChainView& view,
                               const RecoveredTransaction& transaction, chain::TransactionLocation location);

}  // namespace aitbc::search
