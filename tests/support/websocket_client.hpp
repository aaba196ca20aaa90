// A blocking WebSocket client for tests.
#pragma once

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <optional>
#include <string>

namespace aitbc::test {

class WebSocketClient {
 public:
  explicit WebSocketClient(std::uint16_t port, const std::string& origin = "", int receive_buffer = 0) {
    namespace websocket = boost::beast::websocket;
    auto& socket = stream_.next_layer().socket();
    socket.open(boost::asio::ip::tcp::v4());
    if (receive_buffer > 0) socket.set_option(boost::asio::socket_base::receive_buffer_size(receive_buffer));
    socket.connect({boost::asio::ip::address_v4::loopback(), port}, error_);
    if (error_) return;
    stream_.set_option(websocket::stream_base::decorator([origin](websocket::request_type& request) {
      if (!origin.empty()) request.set("Origin", origin);
    }));
    stream_.read_message_max(64U << 20);
    stream_.handshake("localhost", "/", error_);
  }

  bool open() const { return !error_; }
  const boost::system::error_code& error() const { return error_; }
  boost::beast::websocket::close_reason reason() const { return stream_.reason(); }

  bool send(const std::string& text) {
    stream_.write(boost::asio::buffer(text), error_);
    return !error_;
  }
  // The next message; nullopt when the connection ends or nothing comes in time (the connection is then
  // unusable).
  std::optional<std::string> read(std::chrono::milliseconds patience = std::chrono::seconds(60)) {
    bool done = false;
    boost::beast::flat_buffer buffer;
    stream_.async_read(buffer, [&](const boost::system::error_code& error, std::size_t) {
      error_ = error;
      done = true;
    });
    context_.restart();
    context_.run_for(patience);
    if (!done) {
      boost::system::error_code ignored;
      stream_.next_layer().socket().close(ignored);
      context_.restart();
      context_.run();
    }
    if (error_) return std::nullopt;
    return boost::beast::buffers_to_string(buffer.data());
  }
  std::optional<std::string> ask(const std::string& text) {
    if (!send(text)) return std::nullopt;
    return read();
  }
  void close() { stream_.close(boost::beast::websocket::close_code::normal, error_); }

 private:
  boost::asio::io_context context_;
  boost::beast::websocket::stream<boost::beast::tcp_stream> stream_{context_};
  boost::system::error_code error_;
};

}  // namespace aitbc::test
