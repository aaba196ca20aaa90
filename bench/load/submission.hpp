// Sends a workload and watches the blocks until all of it is included.
#pragma once

#include <chrono>
#include <string>

#include "load/statistics.hpp"
#include "load/workload.hpp"

namespace aitbc::bench {

struct SubmissionOptions {
  std::size_t rate = 0;                       // transactions per second over all connections; 0: no limit
  std::uint64_t first_block = 0;              // the earliest that can include any of them
  std::chrono::milliseconds timeout{30'000};  // for one HTTP answer
  std::chrono::milliseconds stall{30'000};    // without any progress: give up
};

struct SubmissionResult {
  std::size_t accepted = 0;
  std::size_t refused = 0;
  std::size_t included = 0;
  std::size_t included_twice = 0;  // seen in a second block: a fault of the server
  std::uint64_t blocks = 0;        // from the first to the last one that holds any of them
  std::string first_refusal;
  bool stalled = false;
  double accepting_seconds = 0;  // from the first request to the last answer
  double including_seconds = 0;  // from the first request to the block with the last of them
  Percentiles latency;           // from a transaction's request to the sight of its block
};

// Fails when a connection does.
Result<SubmissionResult> submit(const Endpoint& endpoint, const Workload& workload,
                                const SubmissionOptions& options);

}  // namespace aitbc::bench
