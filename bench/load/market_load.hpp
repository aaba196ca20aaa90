// The marketplace under load: a mix of bookings, bids, releases and reviews, measured as transfers are, in
// the same run as transfers.
#pragma once

#include "load/load.hpp"

namespace aitbc::bench {

struct MarketLoadReport {
  LoadReport transfers;
  LoadReport market;
  std::uint64_t succeeded = 0;  // of the market's transactions, by what the marketplace counts

  double market_to_transfers() const;
  bool complete() const;
};

// Transfers first, then as many market transactions, a quarter of each kind. Before the clock starts it
// registers providers and a GPU for every four transactions, and books them. The endpoint must be a node of
// this chain with nobody else at work. Says on standard error what it does meanwhile.
Result<MarketLoadReport> run_market_load(const LoadOptions& options);

std::string text_of(const MarketLoadReport& report);
std::string json_of(const MarketLoadReport& report);

}  // namespace aitbc::bench
