// Virtual time: what is to happen, in order of time and then of asking. One thread, no clock: the same
// requests give the same run.
#pragma once

#include <functional>
#include <queue>
#include <vector>

#include "node/runtime/runtime.hpp"

namespace aitbc::sim {

// A running digest of everything that happened; equal digests mean equal runs.
class Trace {
 public:
  void add(std::uint64_t value) {
    digest_ = (digest_ ^ value) * 0x9e3779b97f4a7c15ULL, digest_ ^= digest_ >> 29;
  }
  std::uint64_t digest() const { return digest_; }

 private:
  std::uint64_t digest_ = 0xcbf29ce484222325ULL;
};

class Scheduler {
 public:
  explicit Scheduler(TimePoint start) : now_(start) {}

  TimePoint now() const { return now_; }
  // A time in the past counts as now.
  void at(TimePoint time, Task task);
  void after(Duration delay, Task task) { at(now_ + delay, std::move(task)); }

  void run_until(TimePoint end);
  // False when the condition did not hold until `end`; asked after every step.
  bool run_until(const std::function<bool()>& condition, TimePoint end);
  std::uint64_t steps() const { return steps_; }
  Trace& trace() { return trace_; }

 private:
  struct Entry {
    TimePoint time;
    std::uint64_t order;
    Task task;
  };
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const {
      return a.time != b.time ? a.time > b.time : a.order > b.order;
    }
  };
  bool step(TimePoint end);

  TimePoint now_;
  std::uint64_t asked_ = 0;
  std::uint64_t steps_ = 0;
  std::priority_queue<Entry, std::vector<Entry>, Later> queue_;
  Trace trace_;
};

}  // namespace aitbc::sim
