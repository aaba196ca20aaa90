// Many WebSocket subscribers to new heads: how long after the first of them the others hear of a block.
#pragma once

#include <string>

#include "load/endpoint.hpp"
#include "load/statistics.hpp"

namespace aitbc::bench {

struct SubscribersOptions {
  std::string rpc_url = "http://127.0.0.1:8545";
  std::size_t subscribers = 1000;
  std::size_t seconds = 20;
};

struct SubscribersReport {
  std::size_t subscribers = 0;
  std::size_t heads = 0;          // that were announced
  std::size_t notifications = 0;  // heads times subscribers, when nobody missed one
  Percentiles delay;              // behind the first subscriber that heard of the same head
};

// Somebody else has to keep the chain producing blocks. Fails when a connection cannot be made or is lost.
Result<SubscribersReport> run_subscribers(const SubscribersOptions& options);

std::string text_of(const SubscribersReport& report);
std::string json_of(const SubscribersReport& report);

}  // namespace aitbc::bench
