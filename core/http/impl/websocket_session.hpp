// One client's WebSocket connection. Internal to core/http.
#pragma once

#include <atomic>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <memory>
#include <string>

#include "http/impl/stream.hpp"
#include "http/impl/worker.hpp"

namespace aitbc::http {

class WebSocketSession;

// What the application holds: it may outlive the session, and its last owner may be on any thread.
class PeerHandle final : public WebSocketPeer, public std::enable_shared_from_this<PeerHandle> {
 public:
  PeerHandle(boost::asio::io_context& context, ServerCore& core) : context_(context), core_(core) {}
  void send(std::shared_ptr<const std::string> text) override;

 private:
  friend class WebSocketSession;
  boost::asio::io_context& context_;
  ServerCore& core_;
  std::atomic<std::size_t> queued_bytes_{0};  // handed over and not yet written
  std::atomic<bool> overflowed_{false};
  std::weak_ptr<WebSocketSession> session_;  // locked on the session's thread only
};

class WebSocketSession final : public Connection {
 public:
  WebSocketSession(Worker& worker, Stream stream, Ticket ticket);
  ~WebSocketSession() override;

  // Completes the handshake that `request` began.
  void accept(const Request& request);
  void on_deadline() override;
  void shut_down() override;

 private:
  friend class PeerHandle;
  using Error = boost::system::error_code;
  using Text = std::shared_ptr<const std::string>;

  void on_accept(const Error& error);
  void read();
  void on_read(const Error& error);
  void reply(std::string text);
  void enqueue(Text text, bool is_notification);
  void drop_first();
  void write();
  void on_write(const Error& error);
  void close(boost::beast::websocket::close_code code, std::string_view reason,
             std::chrono::milliseconds patience);
  void end();

  boost::beast::websocket::stream<Stream, false> stream_;
  boost::beast::flat_buffer in_;
  struct Message {
    Text text;
    bool is_notification;
  };
  std::deque<Message> out_;         // the first is being written
  std::size_t unread_replies_ = 0;  // their bytes
  std::shared_ptr<PeerHandle> peer_;
  std::unique_ptr<WebSocketHandler> handler_;
  bool paused_ = false;  // not reading until the client has read what waits for it
  bool closing_ = false;
  bool ended_ = false;
};

}  // namespace aitbc::http
