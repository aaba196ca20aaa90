// Performs what the consensus engine asks for: timers and messages on the net executor, building and
// committing on the chain executor, durable records in the store. The engine itself only ever runs on the net
// executor.
#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "consensus/engine.hpp"
#include "mempool/mempool.hpp"
#include "node/chain/chain.hpp"
#include "node/chain/sender_recovery.hpp"
#include "node/runtime/runtime.hpp"
#include "storage/store.hpp"

namespace aitbc {

// How messages reach the other validators. Called on the net executor.
struct ConsensusTransport {
  std::function<void(const Bytes& message)> broadcast;
  std::function<void(consensus::PeerId peer, const Bytes& message)> send;
  std::function<void(consensus::PeerId from, const Bytes& message)> relay;
  std::function<void(consensus::PeerId peer, const std::string& reason)> punish;
};

struct ConsensusDriverParts {
  Runtime& runtime;
  consensus::ConsensusEngine& engine;
  chain::Chain& blocks;
  chain::SenderRecovery& recovery;
  Mempool& mempool;
  Store& store;
  ConsensusTransport transport;
  // A local failure, or a block of its own that the node finds invalid: the node must stop. Called once at
  // most, from either executor.
  std::function<void(const Error&)> on_fatal;
};

class ConsensusDriver {
 public:
  explicit ConsensusDriver(ConsensusDriverParts parts);
  ~ConsensusDriver();

  // Feeds Started and the head. Call before the executors run, once.
  void start();
  // Thread-safe: to the engine, on the net executor, in order of arrival.
  void deliver(consensus::Event event);
  // Thread-safe: transactions are waiting; many calls before the engine looks count as one.
  void work_pending();
  // A block that came by sync and whose proof was verified; one at or below the head is left alone. Commits
  // it as the engine's own blocks are, and tells the engine. Fails as Chain::commit does (invalid_block is
  // the sender's fault; after a local failure the node stops). On the chain executor only.
  Result<void> commit_synced(const Block& block, ByteView commit_proof, Durability durability);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // shared with what it has posted
};

// The engine's durable record, for its restart.
Result<std::optional<Bytes>> read_consensus_record(const Store& store);

}  // namespace aitbc
