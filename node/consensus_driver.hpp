// Performs what the consensus engine asks for: timers and messages on the net thread, building and committing
// on the chain thread, durable records in the store. The engine itself only ever runs on the net thread.
#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "consensus/engine.hpp"
#include "mempool/mempool.hpp"
#include "node/chain/chain.hpp"
#include "node/chain/sender_recovery.hpp"
#include "storage/store.hpp"

namespace boost::asio {
class io_context;
}

namespace aitbc {

// How messages reach the other validators.
struct ConsensusTransport {
  std::function<void(const Bytes& message)> broadcast;
  std::function<void(consensus::PeerId peer, const Bytes& message)> send;
  std::function<void(consensus::PeerId from, const Bytes& message)> relay;
  std::function<void(consensus::PeerId peer, const std::string& reason)> punish;
};

struct ConsensusDriverParts {
  boost::asio::io_context& net;    // run by one thread
  boost::asio::io_context& chain;  // run by one other thread
  consensus::ConsensusEngine& engine;
  chain::Chain& blocks;
  chain::SenderRecovery& recovery;
  Mempool& mempool;
  Store& store;
  ConsensusTransport transport;
  // A local failure, or a block of its own that the node finds invalid: the node must stop. Called once at
  // most per failure, from either thread.
  std::function<void(const Error&)> on_fatal;
};

class ConsensusDriver {
 public:
  explicit ConsensusDriver(ConsensusDriverParts parts);
  ~ConsensusDriver();

  // Feeds Started and the head. Call before the threads run, once.
  void start();
  // Thread-safe: to the engine, on the net thread, in order of arrival.
  void deliver(consensus::Event event);
  // Thread-safe: transactions are waiting; many calls before the engine looks count as one.
  void work_pending();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // shared with what it has posted
};

// The engine's durable record, for its restart.
Result<std::optional<Bytes>> read_consensus_record(const Store& store);

}  // namespace aitbc
