// Whom this node could connect to: the operator's static nodes and those that peers told of, with when to try
// each again. Pure: times and randomness are handed in. Bounded.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "node/p2p/node_address.hpp"
#include "node/runtime/runtime.hpp"

namespace aitbc::p2p {

class AddressBook {
 public:
  static constexpr std::size_t kMaxEntries = 1024;
  static constexpr Duration kFirstRetry{250};
  static constexpr Duration kLastRetry = std::chrono::seconds(15);
  static constexpr Duration kRetryOfLearned = std::chrono::minutes(2);
  static constexpr unsigned kForgottenAfter = 8;  // failures of a learned address

  // Static entries are never forgotten; adding one again, or one that was removed, makes it due at once.
  void add_static(const NodeAddress& address);
  // Never tried again, and refused when it calls, until it is added as static again.
  void remove(const NodeId& node);
  // What a peer or the file of the last run said. A full book takes none.
  void learn(const NodeAddress& address);

  bool is_static(const NodeId& node) const;
  bool is_removed(const NodeId& node) const { return removed_.contains(node); }
  // Due entries: every static one, and up to `learned` others. Those get dialled: the caller reports how it
  // went.
  std::vector<NodeAddress> due(TimePoint now, std::size_t learned) const;
  void connecting(const NodeId& node);
  void connected(const NodeId& node);
  // The attempt failed or the connection ended. `jitter` (0 to 255) spreads the retries of many nodes.
  void failed(const NodeId& node, TimePoint now, std::uint8_t jitter);

  // What is worth keeping for the next run.
  std::vector<NodeAddress> learned() const;

 private:
  struct Entry {
    NodeAddress address;
    bool is_static = false;
    bool is_busy = false;   // connected or being connected
    unsigned failures = 0;  // in a row
    TimePoint next_try{};
  };
  std::map<NodeId, Entry> entries_;
  std::set<NodeId> removed_;
};

}  // namespace aitbc::p2p
