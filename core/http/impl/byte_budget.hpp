// Memory that all connections of a server share for what they receive and what waits to be read, so that many
// large messages at a time are refused instead of using up the machine. Internal to core/http.
#pragma once

#include <atomic>
#include <cstddef>

namespace aitbc::http {

// Thread-safe.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t limit) : limit_(limit) {}
  // Counts the bytes in any case; false when that exceeds the limit.
  [[nodiscard]] bool take(std::size_t bytes) { return used_.fetch_add(bytes) + bytes <= limit_; }
  void give_back(std::size_t bytes) { used_ -= bytes; }
  std::size_t used() const { return used_; }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> used_{0};
};

// What one connection has taken from a budget; given back at the latest with it.
class BudgetShare {
 public:
  explicit BudgetShare(ByteBudget& budget) : budget_(budget) {}
  BudgetShare(const BudgetShare&) = delete;
  BudgetShare& operator=(const BudgetShare&) = delete;
  ~BudgetShare() { clear(); }

  [[nodiscard]] bool take(std::size_t bytes) {
    taken_ += bytes;
    return budget_.take(bytes);
  }
  std::size_t taken() const { return taken_; }
  void clear() {
    if (taken_ != 0) budget_.give_back(taken_);
    taken_ = 0;
  }

 private:
  ByteBudget& budget_;
  std::size_t taken_ = 0;
};

}  // namespace aitbc::http
