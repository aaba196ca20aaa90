#include "consensus/qbft/message_buffer.hpp"

#include <algorithm>

namespace aitbc::qbft {

bool FutureMessages::add(Entry entry, std::size_t authors) {
  const Address author = author_of(entry.message);
  const auto known = used_.find(author);
  const Use use = known == used_.end() ? Use{} : known->second;
  const std::size_t share = std::max<std::size_t>(1, authors);
  const bool fits = use.count < std::max<std::size_t>(1, kMaxMessages / share) && count_ < kMaxMessages &&
                    use.bytes + entry.size <= kMaxBytes / share && bytes_ + entry.size <= kMaxBytes;
  if (!fits) return false;
  used_[author] = {use.count + 1, use.bytes + entry.size};
  ++count_;
  bytes_ += entry.size;
  by_height_[view_of(entry.message).height].push_back(std::move(entry));
  return true;
}

void FutureMessages::forget(const Entry& entry) {
  const auto use = used_.find(author_of(entry.message));
  --use->second.count;
  use->second.bytes -= entry.size;
  if (use->second.count == 0) used_.erase(use);
  --count_;
  bytes_ -= entry.size;
}

std::vector<FutureMessages::Entry> FutureMessages::take(Height height) {
  std::vector<Entry> taken;
  while (!by_height_.empty() && by_height_.begin()->first <= height) {
    auto lowest = by_height_.begin();
    for (const Entry& entry : lowest->second) forget(entry);
    if (lowest->first == height) taken = std::move(lowest->second);
    by_height_.erase(lowest);
  }
  return taken;
}

void SeenMessages::add(const Hash& hash) {
  if (!known_.try_emplace(hash).second) return;
  order_.push_back(hash);
  if (order_.size() <= kRemembered) return;
  known_.erase(order_.front());
  order_.pop_front();
}

bool SeenMessages::may_pass_again(const Hash& hash, consensus::TimePoint now, consensus::Duration interval) {
  const auto at = known_.find(hash);
  if (at == known_.end() || !at->second || now - *at->second < interval) return false;
  at->second = now;
  return true;
}

void SeenMessages::note_passed(const Hash& hash, consensus::TimePoint now) {
  add(hash);
  known_[hash] = now;
}

}  // namespace aitbc::qbft
