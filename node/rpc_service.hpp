// The node's HTTP port: JSON-RPC, WebSocket, metrics and health, on the parts that it serves.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "mempool/mempool.hpp"
#include "node/config.hpp"
#include "node/opened_chain.hpp"
#include "node/p2p/tls_network.hpp"
#include "node/search/market_reader.hpp"
#include "node/sync_service.hpp"
#include "node/telemetry/metrics.hpp"

namespace aitbc {

// Everything referred to outlives the service.
struct RpcParts {
  const NodeConfig& config;
  OpenedChain& opened;
  Mempool& mempool;
  Metrics& metrics;
  p2p::TlsNetwork& network;
  const SyncService& sync;
  const search::MarketReader& market;
};

class RpcService {
 public:
  explicit RpcService(RpcParts parts);
  ~RpcService();

  Result<void> start();
  // Finishes what is being answered and closes every connection.
  void stop();
  std::string url() const;  // after start()

  // What the chain and the pool announce, for subscribers.
  void on_head(const chain::HeadEvent& event);
  void on_admitted(std::span<const TransactionPtr> admitted);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc
