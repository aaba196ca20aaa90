// eth_getLogs: finds logs by block range, addresses and topics.
#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "storage/store.hpp"
#include "types/receipt.hpp"

namespace aitbc::chain {

struct LogFilter {
  Height from = 0;
  Height to = 0;                          // inclusive
  std::vector<Address> addresses;         // any of them; empty: every address
  std::vector<std::vector<Hash>> topics;  // per position any of them; an empty inner list: anything
};

struct FoundLog {
  Log log;
  Height height = 0;
  Hash block_hash;
  Seconds block_timestamp = 0;
  Hash transaction_hash;  // the system transaction's for end-of-block logs
  std::uint32_t transaction_index = 0;
  std::uint64_t log_index = 0;
};

bool matches(const LogFilter& filter, const Log& log);  // addresses and topics; the range is the caller's
// In chain order. `limit` when more than max_results match ("query returned more than N results").
Result<std::vector<FoundLog>> find_logs(const Snapshot& snapshot, const LogFilter& filter,
                                        std::size_t max_results);

}  // namespace aitbc::chain
