#include "node/sync/block_download.hpp"

#include <algorithm>

namespace aitbc::sync {
namespace {

std::uint64_t size_of(const std::vector<p2p::SealedBlock>& blocks) {
  std::uint64_t bytes = 0;
  for (const p2p::SealedBlock& block : blocks) bytes += block.block.size() + block.commit_proof.size();
  return bytes;
}

}  // namespace

void BlockDownload::set_head(p2p::PeerId peer, Height head) { peers_[peer].head = head; }

void BlockDownload::remove(p2p::PeerId peer) {
  for (auto& [from, range] : ranges_) {
    range.failed.erase(peer);
    if (range.is_asked() && range.peer == peer) range.peer.reset();
  }
  peers_.erase(peer);
}

Height BlockDownload::highest() const {
  Height highest = 0;
  for (const auto& [id, peer] : peers_) highest = std::max(highest, peer.head);
  return highest;
}

BlockDownload::Ranges::iterator BlockDownload::erase(Ranges::iterator at) {
  const Range& range = at->second;
  waiting_bytes_ -= range.bytes;
  if (range.is_asked()) {
    const auto peer = peers_.find(*range.peer);
    if (peer != peers_.end()) --peer->second.asked;
  }
  return ranges_.erase(at);
}

void BlockDownload::set_own_head(Height head) {
  if (head < next_) return;
  next_ = head + 1;
  // A range that sticks out above the head is asked for anew, from the right height.
  for (auto at = ranges_.begin(); at != ranges_.end() && at->first <= head;) at = erase(at);
}

void BlockDownload::restart_at(Height next) {
  next_ = next;
  for (auto at = ranges_.begin(); at != ranges_.end();) at = erase(at);
}

void BlockDownload::extend_window() {
  const Height highest = this->highest();
  Height from = next_;
  // Gaps are where a range was dropped or answered in part.
  for (auto at = ranges_.begin();
       ranges_.size() < options_.ranges_ahead && waiting_bytes_ < options_.max_bytes;) {
    const Height limit = at == ranges_.end() ? highest + 1 : at->first;
    if (from < limit) {
      const std::uint64_t count = std::min(options_.blocks_per_request, limit - from);
      ranges_[from].count = count;
      from += count;
      continue;
    }
    if (at == ranges_.end()) return;
    from = at->first + at->second.count;
    ++at;
  }
}

// The one with the least to do, and never one that has failed on this range while there are others.
std::optional<p2p::PeerId> BlockDownload::best_peer(Height from, const Range& range, TimePoint now) const {
  std::optional<p2p::PeerId> best;
  std::size_t least = options_.requests_per_peer;
  for (const auto& [id, peer] : peers_) {
    if (peer.head < from || peer.asked >= least || now < peer.not_before || range.failed.contains(id))
      continue;
    best = id;
    least = peer.asked;
  }
  return best;
}

// The peer did not deliver.
void BlockDownload::give_back(Range& range, TimePoint now) {
  const auto found = peers_.find(*range.peer);
  range.failed.insert(*range.peer);
  range.peer.reset();
  if (found == peers_.end()) return;
  Peer& peer = found->second;
  --peer.asked;
  peer.rest = std::clamp(2 * peer.rest, options_.rest, options_.longest_rest);
  peer.not_before = now + peer.rest;
}

std::vector<BlockDownload::Request> BlockDownload::plan(TimePoint now, std::vector<p2p::PeerId>& overdue) {
  for (auto& [from, range] : ranges_) {
    if (!range.is_asked() || now < range.deadline) continue;
    overdue.push_back(*range.peer);
    give_back(range, now);
  }
  extend_window();
  std::vector<Request> requests;
  for (auto& [from, range] : ranges_) {
    if (range.peer) continue;
    const bool all_failed =
        std::none_of(peers_.begin(), peers_.end(), [&at = from, &failed = range.failed](const auto& peer) {
          return peer.second.head >= at && !failed.contains(peer.first);
        });
    if (all_failed) range.failed.clear();  // they may try again, each after its rest
    const auto peer = best_peer(from, range, now);
    if (!peer) continue;
    Peer& chosen = peers_[*peer];
    ++chosen.asked;
    range.peer = peer;
    range.number = ++last_number_;
    range.deadline = now + options_.request_timeout;
    requests.push_back({*peer, range.number, from, std::min(range.count, chosen.head - from + 1)});
  }
  return requests;
}

std::optional<TimePoint> BlockDownload::next_deadline() const {
  std::optional<TimePoint> next;
  const auto note = [&](TimePoint time) {
    if (!next || time < *next) next = time;
  };
  bool someone_waits = false;
  for (const auto& [from, range] : ranges_) {
    if (range.is_asked()) note(range.deadline);
    if (!range.peer) someone_waits = true;
  }
  if (someone_waits)
    for (const auto& [id, peer] : peers_)
      if (peer.asked < options_.requests_per_peer && peer.not_before != TimePoint{}) note(peer.not_before);
  return next;
}

BlockDownload::Answer BlockDownload::receive(p2p::PeerId peer, std::uint64_t number,
                                             std::vector<p2p::SealedBlock> blocks, TimePoint now) {
  const auto at = std::find_if(ranges_.begin(), ranges_.end(), [&](const auto& entry) {
    const Range& range = entry.second;
    return range.is_asked() && range.peer == peer && range.number == number;
  });
  if (at == ranges_.end()) return Answer::stale;
  Range& range = at->second;
  if (blocks.size() > range.count) {
    give_back(range, now);
    return Answer::wrong;
  }
  if (blocks.empty()) {
    peers_[peer].head = std::min(peers_[peer].head, at->first - 1);
    give_back(range, now);
    return Answer::nothing;
  }
  Peer& deliverer = peers_[peer];
  --deliverer.asked;
  deliverer.rest = Duration(0);
  range.count = blocks.size();  // the rest of the range becomes a gap
  range.bytes = size_of(blocks);
  range.blocks = std::move(blocks);
  waiting_bytes_ += range.bytes;
  return Answer::taken;
}

std::optional<BlockDownload::Run> BlockDownload::take() {
  const auto first = ranges_.begin();
  if (first == ranges_.end() || first->first != next_ || first->second.blocks.empty()) return std::nullopt;
  Run run{*first->second.peer, next_, std::move(first->second.blocks)};
  next_ += first->second.count;
  waiting_bytes_ -= first->second.bytes;
  ranges_.erase(first);
  return run;
}

}  // namespace aitbc::sync
