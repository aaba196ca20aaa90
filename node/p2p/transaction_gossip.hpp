// Spreads transactions: announces what the pool admits by hash, fetches what others announce and admits it. A
// transaction crosses each connection once as a hash, and reaches each node once as a whole. See
// docs/network.md.
#pragma once

#include <memory>
#include <span>

#include "mempool/mempool.hpp"
#include "node/p2p/network.hpp"
#include "node/runtime/runtime.hpp"

namespace aitbc::p2p {

// Everything referred to outlives the gossip and what it posted.
struct TransactionGossipParts {
  Network& network;
  Runtime& runtime;
  Mempool& mempool;
};

class TransactionGossip final : public NetworkListener {
 public:
  static constexpr Duration kAnnounceDelay{10};                     // gathers what arrives meanwhile
  static constexpr Duration kAnswerTime = std::chrono::seconds(2);  // then another announcer is asked
  static constexpr Duration kReminder =
      std::chrono::seconds(20);                      // between announcements of what still waits
  static constexpr std::size_t kMaxWanted = 65'536;  // announced and not here yet
  static constexpr std::size_t kMaxWantedOfPeer = 16'384;
  static constexpr std::size_t kMaxAnswerBytes = 4U << 20;        // to one request
  static constexpr std::uint32_t kAnswerKibPerSecond = 8U << 10;  // to one peer
  static constexpr std::uint32_t kAnswerKibAtOnce = 64U << 10;
  static constexpr std::size_t kRemembered = 131'072;  // hashes that need not be fetched again
  static constexpr std::size_t kRememberedOfPeer = 32'768;

  explicit TransactionGossip(TransactionGossipParts parts);
  ~TransactionGossip() override;

  // Begins the periodic work. On the net executor, or before it runs.
  void start();
  // What the pool admitted, from wherever. Thread-safe.
  void announce(std::span<const TransactionPtr> transactions);

  void on_connected(const Peer& peer) override;
  void on_disconnected(PeerId peer) override;
  void on_message(PeerId peer, const Message& message, const Hold& hold) override;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // shared with what it has posted
};

}  // namespace aitbc::p2p
