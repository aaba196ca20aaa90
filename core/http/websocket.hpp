// The two ends of a WebSocket connection as an application sees them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace aitbc::http {

// The client's end. Thread-safe. May be kept beyond the connection's life: send() then does nothing.
class WebSocketPeer {
 public:
  virtual ~WebSocketPeer() = default;
  // Queues one text message behind those before it. A peer whose queue is full is disconnected with close
  // code 1008 and gets nothing more.
  virtual void send(std::shared_ptr<const std::string> text) = 0;
};

// The application's end. Used on the connection's thread only; destroyed when the connection ends.
class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;
  // The reply to a message; empty for none. It is queued before anything that is sent during the call.
  virtual std::string on_message(std::string_view text) = 0;
};

using WebSocketFactory = std::function<std::unique_ptr<WebSocketHandler>(std::shared_ptr<WebSocketPeer>)>;

}  // namespace aitbc::http
