// Bounded memories for messages: those of heights still to come, and which ones were seen.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "consensus/engine.hpp"
#include "consensus/qbft/messages.hpp"

namespace aitbc::qbft {

// Holds authenticated messages of the next few heights. What does not fit is dropped: the protocol repeats
// what matters. One author can fill no more than its share, so a faulty validator cannot crowd out the
// others.
class FutureMessages {
 public:
  static constexpr Height kMaxDistance = 10;  // heights above the current one
  static constexpr std::size_t kMaxMessages = 1000;
  static constexpr std::size_t kMaxBytes = 64U << 20;

  struct Entry {
    consensus::PeerId peer;
    Message message;
    std::size_t size;  // on the wire
  };
  // `authors`: how many may share the room. False when it was dropped.
  bool add(Entry entry, std::size_t authors);
  // The messages of `height`, in order of arrival; forgets all of lower heights.
  std::vector<Entry> take(Height height);
  std::size_t size() const { return count_; }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Use {
    std::size_t count = 0;
    std::size_t bytes = 0;
  };
  void forget(const Entry& entry);

  std::map<Height, std::vector<Entry>> by_height_;
  std::map<Address, Use> used_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

// The last few thousand messages by hash, with when they were passed on: copies that come over other peers
// cost no signature recovery, and a round change that its author repeats can still travel on, once in a
// while.
class SeenMessages {
 public:
  static constexpr std::size_t kRemembered = 8192;
  bool contains(const Hash& hash) const { return known_.contains(hash); }
  void add(const Hash& hash);
  // It was found right and passed on.
  void note_passed(const Hash& hash, consensus::TimePoint now);
  // Whether a seen message was passed on before, and last so `interval` ago or longer; if so, that counts as
  // done now.
  bool may_pass_again(const Hash& hash, consensus::TimePoint now, consensus::Duration interval);

 private:
  // And when it was last passed on. Looked up only.
  boost::unordered_flat_map<Hash, std::optional<consensus::TimePoint>, FixedBytesHash> known_;
  std::deque<Hash> order_;
};

}  // namespace aitbc::qbft
