#include "node/p2p/reputation.hpp"

#include <algorithm>

namespace aitbc::p2p {
namespace {

bool is_this_machine(const std::string& host) { return host.starts_with("127.") || host == "::1"; }

}  // namespace

int Reputation::cost_of(Offence offence) {
  switch (offence) {
    case Offence::nuisance:
      return 1;
    case Offence::violation:
      return 34;
    case Offence::forgery:
      return kFullScore;
  }
  return kFullScore;
}

int Reputation::score_at(const Entry& entry, TimePoint now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - entry.changed).count();
  return static_cast<int>(
      std::clamp<std::int64_t>(entry.score + std::max<std::int64_t>(seconds, 0), 0, kFullScore));
}

int Reputation::score(const NodeId& node, TimePoint now) const {
  const auto found = nodes_.find(node);
  return found == nodes_.end() ? kFullScore : score_at(found->second, now);
}

bool Reputation::punish(const NodeId& node, Offence offence, TimePoint now) {
  if (nodes_.size() >= kMaxRemembered && !nodes_.contains(node)) forget_old(now);
  Entry& entry = nodes_[node];
  entry.score = score_at(entry, now) - cost_of(offence);
  entry.changed = now;
  if (entry.score > 0) return false;
  entry.score = kFullScore / 2;  // after the ban
  entry.banned_until = now + kBan;
  return true;
}

void Reputation::ban_host(const std::string& host, TimePoint now) {
  if (is_this_machine(host)) return;
  if (hosts_.size() >= kMaxRemembered) forget_old(now);
  hosts_[host] = now + kBan;
}

bool Reputation::is_banned(const NodeId& node, TimePoint now) const {
  const auto found = nodes_.find(node);
  return found != nodes_.end() && now < found->second.banned_until;
}

bool Reputation::is_host_banned(const std::string& host, TimePoint now) const {
  const auto found = hosts_.find(host);
  return found != hosts_.end() && now < found->second;
}

// What has recovered is like what never was; if that makes no room, whoever comes first in order goes.
void Reputation::forget_old(TimePoint now) {
  std::erase_if(nodes_, [now](const auto& item) {
    return score_at(item.second, now) == kFullScore && now >= item.second.banned_until;
  });
  std::erase_if(hosts_, [now](const auto& item) { return now >= item.second; });
  if (nodes_.size() >= kMaxRemembered) nodes_.erase(nodes_.begin());
  if (hosts_.size() >= kMaxRemembered) hosts_.erase(hosts_.begin());
}

}  // namespace aitbc::p2p
