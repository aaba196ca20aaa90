// Events of a record, by the index, read from the receipts.
#pragma once

#include "node/chain/chain.hpp"
#include "node/search/keys.hpp"

namespace aitbc::search {

struct FoundEvent {
  Log log;
  Seconds timestamp = 0;
  Hash transaction_hash;         // the system transaction's for events of the end of a block
  std::string transaction_type;  // empty for those
  std::uint64_t log_index = 0;   // within the block
};
// corruption: the chain has no such event.
Result<FoundEvent> read_event(const chain::ChainView& view, const EventPlace& place);
// Oldest first; limit: there are more.
Result<std::vector<EventPlace>> events_of(const Snapshot& entries, market::Kind kind, std::uint64_t id,
                                          std::size_t limit);

}  // namespace aitbc::search
