// The least a network of simulated nodes needs to hear of consensus messages and transactions.
#pragma once

#include "mempool/mempool.hpp"
#include "node/p2p/network.hpp"

namespace aitbc::sim {

class Gossip final : public p2p::NetworkListener {
 public:
  struct Parts {
    Runtime& runtime;
    p2p::Network& network;
    Mempool& mempool;
    std::function<void(p2p::PeerId, const Bytes&)> on_consensus;
  };
  explicit Gossip(Parts parts) : parts_(std::move(parts)) { parts_.network.add_listener(*this); }

  void broadcast(const Bytes& message) {
    const auto frame = p2p::make_frame(p2p::Consensus{message});
    for (const auto& peer : parts_.network.peers()) parts_.network.send(peer.id, frame);
  }
  void relay(p2p::PeerId from, const Bytes& message) {
    const auto frame = p2p::make_frame(p2p::Consensus{message});
    for (const auto& peer : parts_.network.peers())
      if (peer.id != from && !parts_.network.are_neighbours(peer.id, from))
        parts_.network.send(peer.id, frame);
  }
  void new_head(const p2p::Head& head) {
    const auto frame = p2p::make_frame(p2p::NewHead{head});
    for (const auto& peer : parts_.network.peers()) parts_.network.send(peer.id, frame);
  }
  void announce(std::vector<Hash> hashes) {
    const auto frame = p2p::make_frame(p2p::TransactionHashes{std::move(hashes)});
    for (const auto& peer : parts_.network.peers()) parts_.network.send(peer.id, frame);
  }
  void on_message(p2p::PeerId peer, const p2p::Message& message, const p2p::Hold&) override {
    if (const auto* consensus = std::get_if<p2p::Consensus>(&message))
      parts_.on_consensus(peer, consensus->message);
    if (const auto* announced = std::get_if<p2p::TransactionHashes>(&message)) {
      p2p::GetTransactions wanted;
      for (const Hash& hash : announced->hashes)
        if (!parts_.mempool.find(hash)) wanted.hashes.push_back(hash);
      if (!wanted.hashes.empty()) parts_.network.send(peer, p2p::make_frame(wanted));
    }
    if (const auto* wanted = std::get_if<p2p::GetTransactions>(&message)) {
      p2p::Transactions found;
      for (const Hash& hash : wanted->hashes)
        if (const auto transaction = parts_.mempool.find(hash)) found.wire.push_back(transaction->wire);
      parts_.network.send(peer, p2p::make_frame(found));
    }
    if (const auto* sent = std::get_if<p2p::Transactions>(&message))
      parts_.runtime.post_work([this, wires = sent->wire] {
        std::vector<TransactionPtr> all;
        for (const Bytes& wire : wires)
          if (auto one = recover_transaction(wire)) all.push_back(*one);
        parts_.mempool.add(all, static_cast<Seconds>(std::chrono::duration_cast<std::chrono::seconds>(
                                                         parts_.runtime.now().time_since_epoch())
                                                         .count()));
      });
  }

 private:
  Parts parts_;
};

}  // namespace aitbc::sim
