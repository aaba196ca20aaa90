// Which blocks to ask of whom: several peers at a time, a window of ranges ahead of what was imported, and
// each range asked of somebody else when a peer does not deliver. Plain data and rules: no network, no clock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "node/p2p/network.hpp"
#include "node/runtime/runtime.hpp"

namespace aitbc::sync {

struct DownloadOptions {
  std::uint64_t blocks_per_request = 128;
  std::size_t requests_per_peer = 2;
  // What is asked for or waits to be imported: never more ranges than this, and nothing new is asked for
  // while what waits is longer than max_bytes.
  std::size_t ranges_ahead = 32;
  std::uint64_t max_bytes = 64U << 20;
  Duration request_timeout{5000};
  // A peer that did not deliver is left alone this long, and twice as long each time after.
  Duration rest{1000};
  Duration longest_rest{60'000};
};

class BlockDownload {
 public:
  explicit BlockDownload(const DownloadOptions& options) : options_(options) {}

  // ---- peers
  // It says it has blocks up to `head`. False claims cost a request that times out, not more.
  void set_head(p2p::PeerId peer, Height head);
  void remove(p2p::PeerId peer);
  // The highest block that any peer claims; 0 without peers.
  Height highest() const;
  bool has_peers() const { return !peers_.empty(); }

  // ---- our own chain
  // Blocks up to here are there: what was asked for or waits below is forgotten.
  void set_own_head(Height head);
  // From here on everything must be asked for again.
  void restart_at(Height next);

  // ---- the work
  struct Request {
    p2p::PeerId peer = 0;
    std::uint64_t number = 0;
    Height from = 0;
    std::uint64_t count = 0;
  };
  // What is to be sent now. Also takes back what is overdue; `overdue` gets the peers.
  std::vector<Request> plan(TimePoint now, std::vector<p2p::PeerId>& overdue);
  // When plan() has something to do although nothing else happened.
  std::optional<TimePoint> next_deadline() const;

  enum class Answer {
    taken,
    stale,    // to no present request: late, perhaps; nobody's fault
    nothing,  // the peer does not have what it claimed
    wrong,    // not what was asked for: no honest node answers so
  };
  Answer receive(p2p::PeerId peer, std::uint64_t number, std::vector<p2p::SealedBlock> blocks, TimePoint now);

  // The next blocks in order, when they are there.
  struct Run {
    p2p::PeerId peer = 0;
    Height from = 0;
    std::vector<p2p::SealedBlock> blocks;
  };
  std::optional<Run> take();
  std::uint64_t waiting_bytes() const { return waiting_bytes_; }

 private:
  struct Peer {
    Height head = 0;
    std::size_t asked = 0;  // requests under way
    Duration rest{0};       // after its next failure
    TimePoint not_before{};
  };
  struct Range {
    std::uint64_t count = 0;
    std::set<p2p::PeerId> failed;  // asked in vain
    std::optional<p2p::PeerId> peer;
    std::uint64_t number = 0;  // of the request, while it is under way
    TimePoint deadline{};
    std::vector<p2p::SealedBlock> blocks;  // not empty: it waits to be imported
    std::uint64_t bytes = 0;

    bool is_asked() const { return peer && blocks.empty(); }
  };
  using Ranges = std::map<Height, Range>;

  void extend_window();
  std::optional<p2p::PeerId> best_peer(Height from, const Range& range, TimePoint now) const;
  void give_back(Range& range, TimePoint now);
  Ranges::iterator erase(Ranges::iterator at);

  DownloadOptions options_;
  std::map<p2p::PeerId, Peer> peers_;
  Ranges ranges_;    // by first height, adjoining one another from next_ on
  Height next_ = 1;  // to be taken
  std::uint64_t last_number_ = 0;
  std::uint64_t waiting_bytes_ = 0;
};

}  // namespace aitbc::sync
