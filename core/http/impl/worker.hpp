// A thread of the server, the connections that live on it, and what all threads share. Internal to core/http.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <unordered_set>

#include "http/impl/byte_budget.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace aitbc::http {

using Clock = std::chrono::steady_clock;

// A connection that waits keeps no buffer larger than this.
inline constexpr std::size_t kIdleBuffer = 16U << 10;

// Shared by the threads of one server. What is not atomic does not change after start().
struct ServerCore {
  explicit ServerCore(ServerOptions the_options)
      : options(std::move(the_options)),
        body_budget(options.max_total_body_bytes),
        output_budget(options.max_total_output_bytes) {}

  const ServerOptions options;
  std::optional<boost::asio::ssl::context> tls;  // absent: in the clear
  Router router;
  std::string websocket_path;
  WebSocketFactory websocket_factory;
  ErrorFormatter format_error;

  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> websockets{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> requests{0};
  ByteBudget body_budget;    // of requests being received
  ByteBudget output_budget;  // of responses and notifications being sent
};

// Counts a connection while it lives.
class Ticket {
 public:
  explicit Ticket(ServerCore& core) : core_(&core) { ++core.connections; }
  Ticket(Ticket&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
  Ticket& operator=(Ticket&&) = delete;
  ~Ticket() {
    if (core_ != nullptr) --core_->connections;
  }

 private:
  ServerCore* core_;
};

class Connection;

// One io_context, run by one thread; everything about a connection happens on the thread of its worker.
class Worker {
 public:
  explicit Worker(ServerCore& core);
  // Until context.stop().
  void run();

  ServerCore& core() { return core_; }
  // Asks each connection to end; those it accepts later as well.
  void shut_down();
  bool shutting_down() const { return shutting_down_; }

 private:
  friend class Connection;
  void sweep();

  ServerCore& core_;
  std::unordered_set<Connection*> connections_;  // outlives the context, whose destruction ends connections
  bool shutting_down_ = false;

 public:
  boost::asio::io_context context;

 private:
  boost::asio::steady_timer sweep_timer_;
  std::chrono::milliseconds sweep_interval_;
};

// A connection has one deadline, checked by its worker now and then: that costs a store per step instead of a
// timer per operation.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection();
  // The deadline has passed.
  virtual void on_deadline() = 0;
  // The server stops: end soon, but finish what is in flight.
  virtual void shut_down() = 0;

  Clock::time_point deadline() const { return deadline_; }

 protected:
  Connection(Worker& worker, Ticket ticket);
  void expire_after(std::chrono::milliseconds delay) { deadline_ = Clock::now() + delay; }
  void never_expire() { deadline_ = Clock::time_point::max(); }
  Worker& worker() { return worker_; }
  ServerCore& core() { return worker_.core(); }
  const ServerOptions& options() { return worker_.core().options; }
  Ticket take_ticket() { return std::move(ticket_); }

 private:
  Worker& worker_;
  Ticket ticket_;
  Clock::time_point deadline_ = Clock::time_point::max();
};

}  // namespace aitbc::http
