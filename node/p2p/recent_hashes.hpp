// The last so many hashes that were added. Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <unordered_set>

#include "base/bytes.hpp"

namespace aitbc::p2p {

class RecentHashes {
 public:
  explicit RecentHashes(std::size_t capacity) : capacity_(capacity) {}

  // False when it is there already.
  bool add(const Hash& hash) {
    if (!present_.insert(hash).second) return false;
    order_.push_back(hash);
    if (order_.size() > capacity_) {
      present_.erase(order_.front());
      order_.pop_front();
    }
    return true;
  }
  void remove(const Hash& hash) { present_.erase(hash); }
  bool contains(const Hash& hash) const { return present_.contains(hash); }

 private:
  std::size_t capacity_;
  std::unordered_set<Hash, FixedBytesHash> present_;
  std::deque<Hash> order_;
};

}  // namespace aitbc::p2p
