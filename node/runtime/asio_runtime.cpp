#include "node/runtime/asio_runtime.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_timer.hpp>
#include <boost/asio/thread_pool.hpp>

namespace aitbc {
namespace {

namespace asio = boost::asio;

// The wait may have succeeded, with its handler queued, when the timer is destroyed: the handler looks at
// `cancelled`.
class AsioTimer final : public Runtime::Timer {
 public:
  AsioTimer(asio::io_context& net, TimePoint at, Task task) : timer_(net, at) {
    timer_.async_wait(
        [cancelled = cancelled_, task = std::move(task)](const boost::system::error_code& error) {
          if (!error && !*cancelled) task();
        });
  }
  ~AsioTimer() override { *cancelled_ = true; }

 private:
  std::shared_ptr<bool> cancelled_ = std::make_shared<bool>(false);
  asio::system_timer timer_;
};

}  // namespace

struct AsioRuntime::Impl {
  asio::io_context& net;
  asio::io_context& chain;
  asio::thread_pool work;
};

AsioRuntime::AsioRuntime(asio::io_context& net, asio::io_context& chain, std::size_t work_threads)
    : impl_(new Impl{net, chain, asio::thread_pool(work_threads)}) {}

AsioRuntime::~AsioRuntime() { stop_work(); }

TimePoint AsioRuntime::now() const { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }
void AsioRuntime::post_net(Task task) { asio::post(impl_->net, std::move(task)); }
void AsioRuntime::post_chain(Task task) { asio::post(impl_->chain, std::move(task)); }
void AsioRuntime::post_work(Task task) { asio::post(impl_->work, std::move(task)); }

std::unique_ptr<Runtime::Timer> AsioRuntime::set_timer(TimePoint at, Task task) {
  return std::make_unique<AsioTimer>(impl_->net, at, std::move(task));
}

void AsioRuntime::stop_work() {
  impl_->work.stop();
  impl_->work.join();
}

}  // namespace aitbc
