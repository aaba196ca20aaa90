// The runtime of a real node: the wall clock, io_contexts for net and chain that their owner runs on one
// thread each, and threads of its own for work.
#pragma once

#include <cstddef>

#include "node/runtime/runtime.hpp"

namespace boost::asio {
class io_context;
}

namespace aitbc {

class AsioRuntime final : public Runtime {
 public:
  // Both contexts outlive the runtime.
  AsioRuntime(boost::asio::io_context& net, boost::asio::io_context& chain, std::size_t work_threads);
  // Waits for the work under way; what was not begun is dropped.
  ~AsioRuntime() override;

  TimePoint now() const override;
  void post_net(Task task) override;
  void post_chain(Task task) override;
  void post_work(Task task) override;
  std::unique_ptr<Timer> set_timer(TimePoint at, Task task) override;

  // Waits for the work under way; later posts to the work executor are dropped. Twice does no harm.
  void stop_work();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc
