// Polled filters: eth_newFilter and its kin. A filter is a place in the chain (or among the pool's arrivals)
// up to which its client has seen everything, so it costs next to nothing while nobody asks.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "node/json/json_writer.hpp"
#include "node/rpc/backend.hpp"
#include "node/rpc/log_criteria.hpp"

namespace aitbc::rpc {

// Thread-safe.
class Filters {
 public:
  // The backend must outlive it.
  explicit Filters(const Backend& backend);
  ~Filters();

  // Each answers with the new filter's id.
  RpcResult<std::string> add_blocks();
  RpcResult<std::string> add_logs(const LogCriteria& criteria);
  RpcResult<std::string> add_pending();
  // False when there is no such filter.
  bool remove(std::string_view id);

  // Writes what is new since the last call (hashes or logs). "filter not found" when it never was or went
  // unasked for too long.
  RpcResult<void> write_changes(std::string_view id, JsonWriter& out);
  // Writes all logs of a log filter's range.
  RpcResult<void> write_logs_of(std::string_view id, JsonWriter& out);

  // To be called with what Mempool::on_admitted announces.
  void on_admitted(std::span<const TransactionPtr> transactions);

 private:
  struct Filter;
  RpcResult<std::string> add(std::shared_ptr<Filter> filter);
  RpcResult<std::shared_ptr<Filter>> find(std::string_view id);
  void drop_expired();
  RpcResult<void> write_new_blocks(Filter& filter, JsonWriter& out);
  RpcResult<void> write_new_logs(Filter& filter, JsonWriter& out);
  RpcResult<void> write_new_pending(Filter& filter, JsonWriter& out);

  const Backend& backend_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Filter>, std::less<>> filters_;

  std::atomic<std::size_t> pending_filters_{0};  // arrivals are recorded only while somebody wants them
  std::mutex arrivals_mutex_;
  std::deque<Hash> arrivals_;
  std::uint64_t arrivals_end_ = 0;  // number of the arrival after the last one
};

// "0x" and 128 random bits: nobody guesses somebody else's.
std::string random_id();

// Finds logs under the limits of `backend`.
RpcResult<std::vector<chain::FoundLog>> query_logs(const Backend& backend, const chain::ChainView& view,
                                                   const LogCriteria& criteria, const LogRange& range);

}  // namespace aitbc::rpc
