// The main measurement: plain transfers, from submission to inclusion.
#pragma once

#include <optional>
#include <string>

#include "load/submission.hpp"

namespace aitbc::bench {

struct LoadOptions {
  std::string rpc_url = "http://127.0.0.1:8545";
  std::size_t accounts = 64;
  std::size_t transactions = 20'000;
  std::size_t connections = 4;
  std::size_t batch = 100;
  std::size_t rate = 0;
  std::string seed = "aitbc-bench";
  // The first of the well-known accounts of `test test test test test test test test test test test junk`.
  std::string fund_key = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
  std::optional<std::uint64_t> chain_id;  // refuse any other
  std::uint64_t fee_headroom = 100;       // how many times the base fee may grow during the run
  std::size_t timeout_s = 30;             // for one HTTP answer
  std::size_t stall_s = 30;               // without progress
  std::size_t recover_ms = 1'000;         // how long signature recovery is measured before the load
};

struct LoadReport {
  std::uint64_t chain_id = 0;
  std::size_t recover_threads = 0;
  double ecrecover_per_second = 0;
  double signing_seconds = 0;
  std::size_t transactions = 0;
  SubmissionResult result;

  double accepted_per_second() const;
  double included_per_second() const;
  double included_to_ecrecover() const;
  // Everything was accepted and included exactly once.
  bool complete() const;
};

// Measures recovery, funds the accounts, signs, submits, waits for inclusion. Says on standard error what it
// does meanwhile.
Result<LoadReport> run_load(const LoadOptions& options);

std::string text_of(const LoadReport& report);
std::string json_of(const LoadReport& report);

}  // namespace aitbc::bench
