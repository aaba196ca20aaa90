#include "tests/sim/machine.hpp"

#include <algorithm>
#include <utility>

namespace aitbc::sim {

struct Machine::PlannedTimer final : Runtime::Timer {
  explicit PlannedTimer(std::shared_ptr<bool> is_set) : set(std::move(is_set)) {}
  ~PlannedTimer() override { *set = false; }
  std::shared_ptr<bool> set;
};

Machine::Machine(Scheduler& scheduler, const Options& options, std::uint64_t seed)
    : scheduler_(scheduler), options_(options), random_(seed) {}

void Machine::later(Duration delay, Task task) {
  if (!alive_) return;
  const Number number = next_number_++;
  planned_.emplace(number, std::move(task));
  scheduler_.at(moment() + delay, [weak = weak_from_this(), number] {
    const auto self = weak.lock();
    if (!self || !self->alive_) return;
    const auto found = self->planned_.extract(number);
    if (!found.empty()) found.mapped()();
  });
}

void Machine::post(Executor executor, Task task) {
  later(Duration(0),
        [this, executor, task = std::move(task)]() mutable { enqueue(executor, std::move(task)); });
}

void Machine::enqueue(Executor executor, Task task) {
  queues_[static_cast<std::size_t>(executor)].tasks.push_back(std::move(task));
  wake(executor);
}

void Machine::wake(Executor executor) {
  Queue& queue = queues_[static_cast<std::size_t>(executor)];
  if (queue.woken || queue.tasks.empty()) return;
  queue.woken = true;
  const TimePoint start = std::max(queue.free_at, moment());
  later(std::chrono::duration_cast<Duration>(start - moment()), [this, executor] { run_next(executor); });
}

void Machine::run_next(Executor executor) {
  Queue& queue = queues_[static_cast<std::size_t>(executor)];
  const Task task = std::move(queue.tasks.front());
  queue.tasks.pop_front();
  const Duration takes = executor == Executor::chain ? random_.up_to(options_.max_chain_work) : Duration(0);
  spent_ = takes;
  task();
  queue.free_at = moment();
  spent_ = Duration(0);
  queue.woken = false;
  wake(executor);
}

void Machine::run(const Task& task, Duration takes) {
  spent_ = takes;
  task();
  spent_ = Duration(0);
}

void Machine::post_work(Task task) {
  later(Duration(0), [this, task = std::move(task)] { run(task, random_.up_to(options_.max_work)); });
}

std::unique_ptr<Runtime::Timer> Machine::set_timer(TimePoint at, Task task) {
  const auto set = std::make_shared<bool>(true);
  const Task unless_cancelled = [set, task = std::move(task)] {
    if (*set) task();
  };
  later(std::max(Duration(0), std::chrono::duration_cast<Duration>(at - now())),
        [this, set, unless_cancelled] {
          if (*set) enqueue(Executor::net, unless_cancelled);
        });
  return std::make_unique<PlannedTimer>(set);
}

void Machine::bury() {
  kill();
  // Destroying a task may destroy what refers to this machine, which must be whole meanwhile.
  const auto planned = std::exchange(planned_, {});
  const auto queues = std::exchange(queues_, {});
}

}  // namespace aitbc::sim
