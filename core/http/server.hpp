// An HTTP/1.1 and WebSocket server: keep-alive, pipelining, limits that answer with an error instead of
// hanging up, and handlers that run on the connection's own thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/message.hpp"
#include "http/options.hpp"
#include "http/websocket.hpp"

namespace aitbc::http {

// How an error of the server itself (413, 404, 503, ...) is put into words. `path` is empty when the request
// did not get that far.
using ErrorFormatter = std::function<Response(unsigned status, std::string_view path, std::string message)>;

struct ServerStats {
  std::uint64_t connections = 0;   // open now, WebSockets included
  std::uint64_t websockets = 0;    // open now
  std::uint64_t accepted = 0;      // since the start
  std::uint64_t refused = 0;       // answered 503 because there were too many
  std::uint64_t requests = 0;      // HTTP requests read, and WebSocket messages
  std::uint64_t body_bytes = 0;    // held now by large requests that are being received
  std::uint64_t output_bytes = 0;  // held now by large responses and by notifications that are being sent
};

class Server {
 public:
  explicit Server(ServerOptions options);
  // Stops.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // ---- before start()
  // See Router::add for `path`.
  void add_route(std::string method, std::string path, Handler handler);
  void add_deferred_route(std::string method, std::string path, DeferredHandler handler);
  // Upgrades at `path` become WebSockets.
  void set_websocket(std::string path, WebSocketFactory factory);
  // Otherwise {"detail": message}.
  void set_error_formatter(ErrorFormatter formatter);

  // Listens; io with the address in the message when it cannot, invalid_input when the TLS files are not what
  // they should be. To be called once.
  Result<void> start();
  // Closes idle connections at once, lets requests in flight finish (at most linger_timeout), tells
  // WebSockets that the server goes away, and joins its threads. Not from a handler.
  void stop();

  // The port listened on.
  std::uint16_t port() const;
  ServerStats stats() const;
  // Runs a task on one of the server's threads; tasks run one after another, in order. Thread-safe. Tasks
  // that are still waiting at stop() are dropped.
  void post(std::function<void()> task);
  // The same after a while, not before start().
  void post_after(std::chrono::milliseconds delay, std::function<void()> task);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc::http
