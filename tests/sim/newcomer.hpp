// A node that starts from a snapshot: what runs on its machine until its store holds a chain.
#pragma once

#include <memory>

#include "consensus/qbft/engine.hpp"
#include "node/sync/snapshot_sync.hpp"
#include "tests/sim/wires.hpp"

namespace aitbc::sim {

struct NewcomerParts {
  std::shared_ptr<Machine> machine;
  std::unique_ptr<Store> store;
  Wires& wires;
  NodeIndex node = 0;
  const genesis::Genesis& genesis;
  const Module& marketplace;
  qbft::Config config;
  std::unique_ptr<const qbft::Signatures> signatures;
  std::function<void()> on_done;
  std::function<void(const Error&)> on_fatal;
};

class Newcomer {
 public:
  static Result<std::unique_ptr<Newcomer>> start(NewcomerParts parts);
  ~Newcomer() { parts_.machine->bury(); }
  sync::SnapshotStatus status() const { return sync_->status(); }

 private:
  explicit Newcomer(NewcomerParts parts) : parts_(std::move(parts)) {}
  Result<void> open();

  NewcomerParts parts_;
  genesis::GenesisBlock first_block_;
  std::unique_ptr<Wires::Endpoint> network_;
  std::unique_ptr<qbft::Engine> engine_;
  std::unique_ptr<sync::SnapshotSync> sync_;
};

}  // namespace aitbc::sim
