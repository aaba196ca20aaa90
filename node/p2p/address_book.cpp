#include "node/p2p/address_book.hpp"

#include <algorithm>

namespace aitbc::p2p {

void AddressBook::add_static(const NodeAddress& address) {
  removed_.erase(address.id);
  Entry& entry = entries_[address.id];
  entry.address = address;
  entry.is_static = true;
  entry.failures = 0;
  entry.next_try = {};
}

void AddressBook::remove(const NodeId& node) {
  entries_.erase(node);
  if (removed_.size() < kMaxEntries) removed_.insert(node);
}

void AddressBook::learn(const NodeAddress& address) {
  if (address.port == 0 || address.host.empty() || is_removed(address.id)) return;
  const auto found = entries_.find(address.id);
  if (found == entries_.end()) {
    if (entries_.size() < kMaxEntries) entries_[address.id].address = address;
    return;
  }
  // It may have moved; an operator knows better, and so do we while the old address serves.
  if (!found->second.is_static && found->second.failures > 0) found->second.address = address;
}

bool AddressBook::is_static(const NodeId& node) const {
  const auto found = entries_.find(node);
  return found != entries_.end() && found->second.is_static;
}

std::vector<NodeAddress> AddressBook::due(TimePoint now, std::size_t learned) const {
  std::vector<NodeAddress> out;
  for (const auto& [id, entry] : entries_) {
    if (entry.is_busy || now < entry.next_try) continue;
    if (!entry.is_static && learned == 0) continue;
    if (!entry.is_static) --learned;
    out.push_back(entry.address);
  }
  return out;
}

void AddressBook::connecting(const NodeId& node) {
  if (const auto found = entries_.find(node); found != entries_.end()) found->second.is_busy = true;
}

void AddressBook::connected(const NodeId& node) {
  const auto found = entries_.find(node);
  if (found == entries_.end()) return;
  found->second.is_busy = true;
  found->second.failures = 0;
}

void AddressBook::failed(const NodeId& node, TimePoint now, std::uint8_t jitter) {
  const auto found = entries_.find(node);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  entry.is_busy = false;
  ++entry.failures;
  if (!entry.is_static && entry.failures >= kForgottenAfter) {
    entries_.erase(found);
    return;
  }
  const Duration longest = entry.is_static ? kLastRetry : kRetryOfLearned;
  const Duration doubled = kFirstRetry * (1U << std::min(entry.failures - 1, 12U));
  const Duration wait = std::min(doubled, longest);
  entry.next_try = now + wait + wait * jitter / 1024;  // up to a quarter more
}

std::vector<NodeAddress> AddressBook::learned() const {
  std::vector<NodeAddress> out;
  for (const auto& [id, entry] : entries_)
    if (!entry.is_static) out.push_back(entry.address);
  return out;
}

}  // namespace aitbc::p2p
