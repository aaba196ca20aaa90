// What a node answers on its HTTP port while it fetches a snapshot: who it is, that it lives, and with
// eth_syncing how far it has come. Everything else is an error that says so.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "node/config.hpp"
#include "node/p2p/tls_network.hpp"
#include "node/sync/snapshot_sync.hpp"
#include "node/telemetry/metrics.hpp"

namespace aitbc {

// Everything referred to outlives the server.
struct SnapshotRpcParts {
  const NodeConfig& config;
  std::uint64_t chain_id = 0;
  const p2p::TlsNetwork& network;
  const Metrics& metrics;
};

class SnapshotRpc {
 public:
  explicit SnapshotRpc(SnapshotRpcParts parts);
  ~SnapshotRpc();

  // As http::Server::start().
  Result<void> start();
  // Afterwards the port is free.
  void stop();

  // From now on answers say this. Thread-safe.
  void update(const sync::SnapshotStatus& status);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc
