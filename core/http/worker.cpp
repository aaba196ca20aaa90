#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <vector>

#include "http/impl/worker.hpp"

namespace aitbc::http {
namespace {

// Fine enough for the shortest timeout in use, coarse enough to cost nothing.
std::chrono::milliseconds sweep_interval(const ServerOptions& options) {
  const auto shortest = std::min({options.header_timeout, options.body_timeout, options.idle_timeout,
                                  options.write_timeout, options.linger_timeout});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(1000));
}

}  // namespace

Worker::Worker(ServerCore& core)
    : core_(core), context(1), sweep_timer_(context), sweep_interval_(sweep_interval(core.options)) {
  sweep();
}

void Worker::run() {
  const auto guard = boost::asio::make_work_guard(context);
  context.run();
}

void Worker::sweep() {
  const Clock::time_point now = Clock::now();
  std::vector<std::shared_ptr<Connection>>
      expired;  // on_deadline() may end a connection and so change the set
  for (Connection* connection : connections_)
    if (connection->deadline() <= now) expired.push_back(connection->shared_from_this());
  for (const auto& connection : expired) connection->on_deadline();

  sweep_timer_.expires_after(sweep_interval_);
  sweep_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) sweep();
  });
}

void Worker::shut_down() {
  shutting_down_ = true;
  std::vector<std::shared_ptr<Connection>> all;
  for (Connection* connection : connections_) all.push_back(connection->shared_from_this());
  for (const auto& connection : all) connection->shut_down();
}

Connection::Connection(Worker& worker, Ticket ticket) : worker_(worker), ticket_(std::move(ticket)) {
  worker_.connections_.insert(this);
}

Connection::~Connection() { worker_.connections_.erase(this); }

}  // namespace aitbc::http
