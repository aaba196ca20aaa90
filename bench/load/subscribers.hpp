// Many WebSocket subscribers to new heads: how soon each of them hears of a block.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "load/commit_log.hpp"
#include "load/endpoint.hpp"
#include "load/statistics.hpp"

namespace aitbc::bench {

struct SubscribersOptions {
  std::string rpc_url = "http://127.0.0.1:8545";
  std::size_t subscribers = 1000;
  std::size_t seconds = 20;
  // The node's log, in JSON, on the machine that this runs on: delays then count from its commits.
  std::string node_log;
};

struct SubscribersReport {
  std::size_t subscribers = 0;
  std::size_t heads = 0;          // that were announced
  std::size_t notifications = 0;  // heads times subscribers, when nobody missed one
  bool from_commit = false;
  Percentiles delay;  // after the block's commit, or behind the first subscriber that heard of it
  bool complete() const { return notifications == heads * subscribers; }
};

// When each head was heard of; by whom does not matter.
using Arrivals = std::map<std::uint64_t, std::vector<WallClock::time_point>>;

// Connects all, then counts from the first head that the last one to subscribe hears of, which all should
// hear of, to the last head that anybody hears of in time; stragglers get two seconds more. Somebody else has
// to keep the chain producing blocks. Fails when a connection cannot be made or is lost, when no head comes,
// and when the log does not tell when a head was committed.
Result<SubscribersReport> run_subscribers(const SubscribersOptions& options);

// Of arrivals that all count. commits: null without a log.
Result<SubscribersReport> evaluate(const Arrivals& arrivals, std::size_t subscribers,
                                   const CommitTimes* commits);

std::string text_of(const SubscribersReport& report);
std::string json_of(const SubscribersReport& report);

}  // namespace aitbc::bench
