// The node's Prometheus metrics, all prefixed aitbc_. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace aitbc {

class Metrics {
 public:
  Metrics();
  ~Metrics();

  struct BlockFigures {
    std::uint64_t height = 0;
    std::uint64_t transactions = 0;
    std::uint64_t gas_used = 0;
    double interval_seconds = 0;  // between this block's timestamp and its parent's
  };
  void block_committed(const BlockFigures& figures);
  void mempool(std::size_t pending, std::size_t queued, std::size_t bytes, std::uint64_t evictions);
  // code 0: answered.
  void rpc_request(std::string_view method, int code, double seconds);
  // `route`: the operation's name; "none" when the path is nobody's.
  void rest_request(std::string_view route, unsigned status, double seconds);
  struct MarketFigures {
    std::map<std::string, std::uint64_t> gpus;  // by status
    std::uint64_t bookings = 0;                 // ever made
    double escrow_ait = 0;
    std::uint64_t expiry_backlog = 0;
  };
  void market(const MarketFigures& figures);
  // Where the consensus engine stands; counts are since the start.
  struct ConsensusFigures {
    std::uint64_t round = 0;
    std::uint64_t messages = 0;
    std::uint64_t dropped = 0;   // stale, repeated, or beyond a bound
    std::uint64_t punished = 0;  // malformed or forged
    std::uint64_t equivocations = 0;
    std::uint64_t round_changes = 0;
    bool is_validator = false;
  };
  void consensus(const ConsensusFigures& figures);
  void peers(std::size_t count);
  struct SyncFigures {
    bool syncing = false;
    std::uint64_t highest = 0;  // that peers claim
    // Since the start.
    std::uint64_t blocks = 0;
    std::uint64_t blocks_served = 0;
    std::uint64_t rejected_peers = 0;
  };
  void sync(const SyncFigures& figures);
  // A message of this kind came in whole; bytes as on the wire without TLS.
  void p2p_received(std::string_view kind, std::size_t bytes);
  void p2p_sent(std::string_view kind, std::size_t bytes);
  // A message that was not used, in or out, and why.
  void p2p_dropped(std::string_view reason);
  void p2p_malformed();
  // A connection that was not made or not kept, and why.
  void p2p_refused(std::string_view reason);
  void p2p_banned();

  // The text exposition format.
  std::string text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc
