// Starts a node from the state of a recent final block instead of executing the whole chain: headers from
// block 1 with their consensus proofs, then the state in chunks that prove themselves against the last
// header's root, from several peers at a time. Whatever a peer sends is verified before it is stored, so the
// one that lies is known.
//
// Works on a store without a chain, which Chain::open() takes when it is done. Killed at any moment, it goes
// on where it was.
#pragma once

#include <functional>
#include <memory>

#include "consensus/engine.hpp"
#include "genesis/genesis.hpp"
#include "node/p2p/network.hpp"
#include "node/runtime/runtime.hpp"
#include "storage/store.hpp"

namespace aitbc::sync {

struct SnapshotSyncOptions {
  std::size_t requests_per_peer = 4;
  Duration request_timeout{10'000};
  // How long offers are collected before one is taken.
  Duration choose_after{2000};
};

struct SnapshotStatus {
  Height target = 0;   // 0: none chosen yet
  Height headers = 0;  // verified
  std::uint64_t accounts_and_slots = 0;
  std::size_t missing_parts = 0;  // that are known to be missing
  std::uint64_t rejected_peers = 0;
};

struct SnapshotSyncParts {
  Runtime& runtime;
  p2p::Network& network;
  Store& store;
  const genesis::Genesis& genesis;
  const genesis::GenesisBlock& first_block;
  // Reads headers with stored_header().
  const consensus::ConsensusEngine& engine;
  // The store holds the chain up to this height. On the net executor, once.
  std::function<void(Height)> on_done;
  std::function<void(const Error&)> on_fatal;
};

class SnapshotSync {
 public:
  // Everything in `parts` outlives it and what it posted.
  SnapshotSync(SnapshotSyncParts parts, const SnapshotSyncOptions& options);
  ~SnapshotSync();

  // On the net executor, once.
  void start();
  // On the net executor.
  SnapshotStatus status() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// For the engine: headers that were verified so far, the genesis block's included.
consensus::HeaderReader stored_header(const Store& store, const Header& genesis);

}  // namespace aitbc::sync
