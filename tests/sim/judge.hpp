// Watches everything that honest nodes sign and commit, and says what must never happen.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "consensus/qbft/engine.hpp"
#include "node/chain/chain.hpp"
#include "tests/sim/wires.hpp"

namespace aitbc::sim {

class Judge {
 public:
  // After each commit on any node: the block is the one that others have at that height and follows the one
  // before, a quorum sealed it, the state has the root that the header names, and no money appeared or
  // vanished.
  void committed(NodeIndex node, const chain::HeadEvent& event, const qbft::Engine& engine,
                 const Module& module);
  // Before each broadcast of an honest node: it never signs two things for one height, round and kind.
  void signs(NodeIndex node, const Bytes& message);
  // The node's disk was lost, and with it the memory of what it signed and what only it had promised.
  void forget(NodeIndex node);

  // A client was told that its transaction is accepted.
  struct Promise {
    NodeIndex node = 0;
    TransactionPtr transaction;
  };
  void acknowledged(Promise promise) { promises_.push_back(std::move(promise)); }
  const std::vector<Promise>& promises() const { return promises_; }

  void report(std::string violation) { violations_.push_back(std::move(violation)); }
  const std::vector<std::string>& violations() const { return violations_; }
  Height highest() const { return final_.empty() ? 0 : final_.rbegin()->first; }
  std::uint64_t transactions() const { return transactions_; }
  qbft::Round highest_round() const { return highest_round_; }

 private:
  std::map<Height, Hash> final_;
  std::map<std::tuple<NodeIndex, Height, qbft::Round, std::size_t>, Hash> signed_;
  std::vector<Promise> promises_;
  std::vector<std::string> violations_;
  std::uint64_t transactions_ = 0;
  qbft::Round highest_round_ = 0;
};

}  // namespace aitbc::sim
