#include "tests/sim/scheduler.hpp"

#include <algorithm>

namespace aitbc::sim {

void Scheduler::at(TimePoint time, Task task) {
  queue_.push({std::max(time, now_), asked_++, std::move(task)});
}

bool Scheduler::step(TimePoint end) {
  if (queue_.empty() || queue_.top().time > end) return false;
  // The queue hands out const references, and a task may add to the queue.
  Task task = std::move(const_cast<Entry&>(queue_.top()).task);
  now_ = queue_.top().time;
  queue_.pop();
  ++steps_;
  trace_.add(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
  task();
  return true;
}

void Scheduler::run_until(TimePoint end) {
  while (step(end)) {
  }
  now_ = std::max(now_, end);
}

bool Scheduler::run_until(const std::function<bool()>& condition, TimePoint end) {
  while (!condition())
    if (!step(end)) {
      now_ = std::max(now_, end);
      return condition();
    }
  return true;
}

}  // namespace aitbc::sim
