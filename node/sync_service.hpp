// The node's side of catching up: block sync wired to the engine, with progress on the terminal, in the log
// and in the metrics.
#pragma once

#include <memory>

#include "node/config.hpp"
#include "node/consensus_driver.hpp"
#include "node/opened_chain.hpp"
#include "node/sync/block_sync.hpp"
#include "node/telemetry/metrics.hpp"

namespace aitbc {

// Everything referred to outlives the service and what it posted.
struct SyncParts {
  const NodeConfig& config;
  Runtime& runtime;
  p2p::Network& network;
  OpenedChain& opened;
  chain::SenderRecovery& recovery;
  Mempool& mempool;
  ConsensusDriver& driver;
  Metrics& metrics;
  std::function<void(const Error&)> on_fatal;
};

class SyncService {
 public:
  explicit SyncService(SyncParts parts);
  ~SyncService();

  // Once, before the executors run and after the driver was started.
  void start();
  // The chain has a new head. On the chain executor.
  void on_head(const chain::ChainViewPtr& view);
  // Thread-safe.
  sync::SyncStatus status() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc
