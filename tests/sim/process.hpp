// A whole node between its start and its end: what the composition root of a real one wires together, on a
// virtual machine, disk and network.
#pragma once

#include <array>
#include <memory>

#include "consensus/qbft/engine.hpp"
#include "genesis/genesis.hpp"
#include "mempool/mempool.hpp"
#include "node/chain/chain.hpp"
#include "node/chain/sender_recovery.hpp"
#include "node/consensus_driver.hpp"
#include "node/consensus_gossip.hpp"
#include "node/p2p/head_gossip.hpp"
#include "node/p2p/transaction_gossip.hpp"
#include "node/sync/block_sync.hpp"
#include "node/sync/snapshot_server.hpp"
#include "tests/sim/wires.hpp"

namespace aitbc::sim {

struct ProcessParts {
  std::shared_ptr<Machine> machine;
  std::unique_ptr<Store> store;
  Wires& wires;
  NodeIndex node = 0;
  const genesis::Genesis& genesis;
  const Module& marketplace;
  qbft::Config config;
  std::unique_ptr<const qbft::Signatures> signatures;
  sync::BlockSyncOptions sync;
  // Sees a message of this node's engine before it goes out; false: it does not go out.
  std::function<bool(const Bytes& message)> on_broadcast;
  std::function<void(const chain::HeadEvent&)> on_head;
  std::function<void(const Error&)> on_fatal;
  // Stands between the engine and the driver, for tests that break engines.
  std::function<std::unique_ptr<consensus::ConsensusEngine>(consensus::ConsensusEngine&)> tamper;
};

class Process {
 public:
  // Opens the database; fails as the parts' opening does.
  static Result<std::unique_ptr<Process>> start(ProcessParts parts);
  // Precondition: none of its own tasks runs.
  ~Process();

  Machine& machine() { return *machine_; }
  const chain::Chain& chain() const { return *chain_; }
  Mempool& mempool() { return *mempool_; }
  qbft::Engine& engine() { return *engine_; }
  sync::BlockSync& sync() { return *sync_; }
  Wires::Endpoint& network() { return *network_; }

 private:
  explicit Process(ProcessParts parts) : parts_(std::move(parts)), machine_(parts_.machine) {}
  Result<void> open();
  ConsensusTransport transport();
  void committed(const chain::HeadEvent& event);
  Seconds now_seconds() const;

  ProcessParts parts_;
  std::shared_ptr<Machine> machine_;
  std::array<const Module*, 1> modules_{};
  std::unique_ptr<Wires::Endpoint> network_;
  std::unique_ptr<chain::Chain> chain_;
  std::unique_ptr<Mempool> mempool_;
  std::unique_ptr<chain::SenderRecovery> recovery_;
  std::unique_ptr<qbft::Engine> engine_;
  std::unique_ptr<consensus::ConsensusEngine> tampered_;
  std::unique_ptr<ConsensusGossip> consensus_gossip_;
  std::unique_ptr<p2p::TransactionGossip> transaction_gossip_;
  std::unique_ptr<p2p::HeadGossip> head_gossip_;
  std::unique_ptr<ConsensusDriver> driver_;
  std::unique_ptr<sync::BlockSync> sync_;
  std::shared_ptr<sync::SnapshotServer> snapshots_;
};

}  // namespace aitbc::sim
