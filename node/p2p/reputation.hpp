// Who misbehaved, and who is not talked to for a while because of it. Pure: times are handed in. Bounded.
#pragma once

#include <map>
#include <string>

#include "node/p2p/network.hpp"
#include "node/runtime/runtime.hpp"

namespace aitbc::p2p {

class Reputation {
 public:
  static constexpr int kFullScore = 100;
  static constexpr std::size_t kMaxRemembered = 4096;
  static constexpr Duration kBan = std::chrono::minutes(10);

  // Points an offence costs; one comes back each second.
  static int cost_of(Offence offence);

  // True when the node is banned from now on.
  bool punish(const NodeId& node, Offence offence, TimePoint now);
  // Also keeps every node of that host away (its identities cost nothing), unless the host is this machine.
  void ban_host(const std::string& host, TimePoint now);
  bool is_banned(const NodeId& node, TimePoint now) const;
  bool is_host_banned(const std::string& host, TimePoint now) const;
  int score(const NodeId& node, TimePoint now) const;

 private:
  struct Entry {
    int score = kFullScore;
    TimePoint changed{};
    TimePoint banned_until{};
  };
  static int score_at(const Entry& entry, TimePoint now);
  void forget_old(TimePoint now);

  std::map<NodeId, Entry> nodes_;
  std::map<std::string, TimePoint> hosts_;  // banned until
};

}  // namespace aitbc::p2p
