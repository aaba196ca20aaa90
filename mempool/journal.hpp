// The pool on disk. Table::mempool: be64(arrival) -> be64(arrival time) | wire form; so writes are sequential
// and the order of reading is the order of arrival.
#pragma once

#include <span>
#include <vector>

#include "mempool/entry.hpp"
#include "storage/store.hpp"

namespace aitbc::mempool {

void append_put(WriteBatch& batch, const Entry& entry);
void append_removal(WriteBatch& batch, Arrival arrival);

struct StoredTransaction {
  Arrival arrival = 0;
  Seconds since = 0;
  TransactionPtr transaction;
};
// Everything stored, in order of arrival, senders recovered on all cores. corruption names what does not
// read.
Result<std::vector<StoredTransaction>> read_journal(const Snapshot& snapshot);

}  // namespace aitbc::mempool
