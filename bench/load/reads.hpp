// Reads over keep-alive connections: in batches, one at a time, and against a bare echo server.
#pragma once

#include <string>
#include <vector>

#include "load/endpoint.hpp"
#include "load/statistics.hpp"

namespace aitbc::bench {

struct ReadsOptions {
  std::string rpc_url = "http://127.0.0.1:8545";
  std::size_t accounts = 64;  // whose balances are asked for
  std::size_t connections = 4;
  std::size_t batch = 100;
  std::size_t seconds = 3;  // for each measurement
  std::string seed = "aitbc-bench";
  std::size_t timeout_s = 30;
  std::size_t echo_threads = 1;
};

struct ReadRate {
  std::string name;
  std::size_t calls_per_request = 1;
  std::size_t calls = 0;
  double seconds = 0;
  Percentiles latency;  // of a request
  double calls_per_second() const { return seconds > 0 ? static_cast<double>(calls) / seconds : 0; }
};

// eth_getBalance in batches, then alone, then the same single requests to an echo server. Fails on the first
// error that the server answers with.
Result<std::vector<ReadRate>> run_reads(const ReadsOptions& options);
// GETs of REST paths, one path after the other.
Result<std::vector<ReadRate>> run_rest(const ReadsOptions& options, const std::vector<std::string>& paths);
// The echo server alone.
Result<std::vector<ReadRate>> run_echo(const ReadsOptions& options);

std::string text_of(const std::vector<ReadRate>& rates);
std::string json_of(const std::vector<ReadRate>& rates);

}  // namespace aitbc::bench
