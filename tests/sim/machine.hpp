// One process on virtual threads: a Runtime whose tasks take virtual time and die with the process.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>

#include "node/runtime/runtime.hpp"
#include "tests/sim/random.hpp"
#include "tests/sim/scheduler.hpp"

namespace aitbc::sim {

class Machine final : public Runtime, public std::enable_shared_from_this<Machine> {
 public:
  struct Options {
    Duration clock_skew{0};
    Duration max_chain_work{20};  // each task of the chain executor takes up to this long
    Duration max_work{20};        // each task of the work executor
  };
  Machine(Scheduler& scheduler, const Options& options, std::uint64_t seed);

  // ---- Runtime
  TimePoint now() const override { return moment() + options_.clock_skew; }
  void post_net(Task task) override { post(Executor::net, std::move(task)); }
  void post_chain(Task task) override { post(Executor::chain, std::move(task)); }
  void post_work(Task task) override;
  std::unique_ptr<Timer> set_timer(TimePoint at, Task task) override;

  // Virtual time as the running task has it: later than the scheduler's by what it has spent.
  TimePoint moment() const { return scheduler_.now() + spent_; }
  // The running task takes this much longer; what it does from here on happens later.
  void spend(Duration duration) { spent_ += duration; }
  // Runs at this process's moment plus `delay` unless the process is dead by then.
  void later(Duration delay, Task task);

  bool is_alive() const { return alive_; }
  // The process is gone: nothing of it runs any more. What it had planned is destroyed by bury().
  void kill() { alive_ = false; }
  // Not from within one of its own tasks.
  void bury();

 private:
  enum class Executor : std::uint8_t { net, chain };
  struct Queue {
    std::deque<Task> tasks;
    bool woken = false;
    TimePoint free_at{};
  };
  struct PlannedTimer;
  using Number = std::uint64_t;

  void post(Executor executor, Task task);
  void enqueue(Executor executor, Task task);
  void wake(Executor executor);
  void run_next(Executor executor);
  void run(const Task& task, Duration takes);

  Scheduler& scheduler_;
  Options options_;
  Random random_;
  std::array<Queue, 2> queues_;
  std::map<Number, Task> planned_;  // what the scheduler knows by number only, so that bury() can destroy it
  Number next_number_ = 0;
  Duration spent_{0};
  bool alive_ = true;
};

}  // namespace aitbc::sim
