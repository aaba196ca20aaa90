// A connection's bytes, in the clear or through TLS: the one place that knows which. Models Asio's
// AsyncStream, so that Beast's WebSocket runs on it. Internal to core/http.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>

namespace aitbc::http {

class Stream {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using executor_type = Socket::executor_type;
  using Error = boost::system::error_code;

  // In the clear when `tls` is null; otherwise the handshake comes first.
  Stream(Socket socket, boost::asio::ssl::context* tls) : plain_(std::move(socket)) {
    if (tls != nullptr) tls_ = std::make_unique<Tls>(std::move(plain_), *tls);
  }

  bool is_encrypted() const { return tls_ != nullptr; }
  Socket& socket() { return tls_ ? tls_->next_layer() : plain_; }
  executor_type get_executor() { return socket().get_executor(); }

  // handler(Error). Precondition: is_encrypted().
  template <class Handler>
  void async_handshake(Handler&& handler) {
    tls_->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Handler>(handler));
  }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return tls_ ? tls_->async_read_some(buffers, std::forward<Handler>(handler))
                : plain_.async_read_some(buffers, std::forward<Handler>(handler));
  }
  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    return tls_ ? tls_->async_write_some(buffers, std::forward<Handler>(handler))
                : plain_.async_write_some(buffers, std::forward<Handler>(handler));
  }
  // What can be written without waiting: would_block when that is nothing. Through TLS it always is, since a
  // record that is written half cannot be taken back.
  template <class Buffers>
  std::size_t write_now(const Buffers& buffers, Error& error) {
    if (!tls_) return plain_.write_some(buffers, error);
    error = boost::asio::error::would_block;
    return 0;
  }

  // Tells the client that nothing follows, then calls handler(); it may still be sending.
  template <class Handler>
  void async_finish(Handler&& handler) {
    const auto finish = [this] {
      Error ignored;  // a socket that is gone has been told
      socket().shutdown(Socket::shutdown_send, ignored);
    };
    if (!tls_) {
      finish();
      return handler();
    }
    tls_->async_shutdown([finish, handler = std::forward<Handler>(handler)](const Error&) mutable {
      finish();
      handler();
    });
  }
  // After async_finish: reads, to be thrown away.
  template <class Buffers, class Handler>
  void async_drain_some(const Buffers& buffers, Handler&& handler) {
    socket().async_read_some(buffers, std::forward<Handler>(handler));
  }

  // ---- what Beast's WebSocket asks of a stream, found by argument-dependent lookup
  friend void teardown(boost::beast::role_type role, Stream& stream, Error& error) {
    if (stream.tls_)
      boost::beast::teardown(role, *stream.tls_, error);
    else
      boost::beast::websocket::teardown(role, stream.plain_, error);
  }
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, Stream& stream, Handler&& handler) {
    if (stream.tls_)
      boost::beast::async_teardown(role, *stream.tls_, std::forward<Handler>(handler));
    else
      boost::beast::websocket::async_teardown(role, stream.plain_, std::forward<Handler>(handler));
  }
  friend void beast_close_socket(Stream& stream) {
    Error ignored;  // it is gone either way
    stream.socket().close(ignored);
  }

 private:
  using Tls = boost::beast::ssl_stream<Socket>;
  Socket plain_;  // moved into tls_ when there is one
  std::unique_ptr<Tls> tls_;
};

}  // namespace aitbc::http
