// Time and threads as the node's parts see them, so that the same code runs on real ones (asio_runtime.hpp)
// and on a simulator's virtual ones.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace aitbc {

// Unix time.
using TimePoint = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;
using Task = std::function<void()>;

// Three executors. net and chain each run one task at a time, in the order of posting; work runs several at
// once, in any order. A task may still be waiting, and then never runs, when the runtime ends.
class Runtime {
 public:
  // Destroying it cancels: the task does not run after that. On the net executor only.
  class Timer {
   public:
    virtual ~Timer() = default;
  };

  virtual ~Runtime() = default;

  // Thread-safe. May jump, as clocks do.
  virtual TimePoint now() const = 0;
  // Thread-safe. Peers, the consensus engine, timers: nothing that blocks or takes long.
  virtual void post_net(Task task) = 0;
  // Thread-safe. The only writer of blocks and state.
  virtual void post_chain(Task task) = 0;
  // Thread-safe. What takes long and can run beside anything else.
  virtual void post_work(Task task) = 0;
  // Runs `task` once on the net executor, at `at` or as soon after as possible; never within this call. On
  // the net executor only.
  virtual std::unique_ptr<Timer> set_timer(TimePoint at, Task task) = 0;
};

}  // namespace aitbc
