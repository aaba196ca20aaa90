// Keep-alive HTTP connections to one endpoint, all driven by the thread that calls run(): a load generator
// that shares the processor with the server must not spend it on threads of its own.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "load/endpoint.hpp"

namespace aitbc::bench {

// The response's body, valid during the call only; unavailable when the connection failed or timed out, or
// the status is refused.
using OnResponse = std::function<void(Result<std::string_view>)>;

// Which answers are none. JSON-RPC tells of errors in the body, whatever the status; REST by the status.
enum class Refuse { nothing, statuses_of_errors };

// Not thread-safe.
class HttpLoop {
 public:
  // Connects all of them; unavailable, with the endpoint in the message, when that fails.
  static Result<std::unique_ptr<HttpLoop>> connect(const Endpoint& endpoint, std::size_t connections,
                                                   std::chrono::milliseconds timeout,
                                                   Refuse refuse = Refuse::nothing);
  ~HttpLoop();

  // Sends the request, which must live until the handler is called from run(). One exchange per connection at
  // a time (precondition). A connection that the server closed after its last response is opened again.
  void send(std::size_t connection, std::string_view request, OnResponse handler);
  // Calls the handler from run() when the time has come.
  void at(std::chrono::steady_clock::time_point time, std::function<void()> handler);
  // Until nothing is under way or stop() was called.
  void run();
  void stop();

 private:
  struct Impl;
  explicit HttpLoop(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc::bench
