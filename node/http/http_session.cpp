#include "node/http/impl/http_session.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <exception>

#include "node/http/access.hpp"
#include "node/http/impl/websocket_session.hpp"

namespace aitbc::http {
namespace asio = boost::asio;

namespace {

constexpr std::size_t kHeaderReadSize = 8U << 10;
constexpr std::size_t kBodyReadSize = 64U << 10;
// A connection that waits keeps no more input memory than this.
constexpr std::size_t kIdleBuffer = 16U << 10;

}  // namespace

HttpSession::HttpSession(Worker& owner, asio::ip::tcp::socket socket, Ticket ticket)
    : Connection(owner, std::move(ticket)),
      socket_(std::move(socket)),
      in_(owner.core().options.max_header_bytes + kBodyReadSize),
      parts_(owner.core().body_bytes, owner.core().options.max_total_body_bytes) {
  Error ignored;  // a socket that is broken already shows it at the first read
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (const auto endpoint = socket_.remote_endpoint(ignored); !ignored)
    peer_ = endpoint.address().to_string();
}

void HttpSession::start() {
  expect_request();
  read_more();
}

void HttpSession::refuse_connection() {
  expect_request();
  refuse(503, "too many connections");
}

void HttpSession::expect_request() {
  parts_.clear();
  parser_.emplace(parts_);
  parser_->header_limit(static_cast<std::uint32_t>(options().max_header_bytes));
  parser_->body_limit(options().max_body_bytes);
  stage_ = Stage::waiting;
  expire_after(options().idle_timeout);
  if (in_.size() == 0 && in_.capacity() > kIdleBuffer) in_.shrink_to_fit();
}

void HttpSession::process() {
  for (;;) {
    switch (parse()) {
      case Parsed::need_more: return read_more();
      case Parsed::refused: return;
      case Parsed::complete:
        if (!answer()) return;
    }
  }
}

HttpSession::Parsed HttpSession::parse() {
  Error error;
  while (in_.size() > 0 && !parser_->is_done() && !error) {
    in_.consume(parser_->put(in_.cdata(), error));
    note_progress();
  }
  if (error && error != boost::beast::http::error::need_more) {
    refuse(error);
    return Parsed::refused;
  }
  return parser_->is_done() ? Parsed::complete : Parsed::need_more;
}

void HttpSession::note_progress() {
  if (stage_ == Stage::waiting) {
    stage_ = Stage::header;
    expire_after(options().header_timeout);
  }
  if (stage_ == Stage::header && parser_->is_header_done() && !parser_->is_done()) {
    stage_ = Stage::body;
    expire_after(options().body_timeout);
    if (equal_ignoring_case(parts_.request(peer_).field("Expect"), "100-continue")) {
      Error ignored;  // the buffer of a fresh response is empty, and a broken socket shows at the next read
      socket_.write_some(asio::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")), ignored);
    }
  }
}

void HttpSession::read_more() {
  const std::size_t room = in_.max_size() - in_.size();
  if (room == 0) return refuse(431, "request header or chunk too large");
  const std::size_t wanted = stage_ == Stage::body ? kBodyReadSize : kHeaderReadSize;
  socket_.async_read_some(in_.prepare(std::min(room, wanted)),
                          [self = shared_from_this(), this](const Error& error, std::size_t size) {
                            on_read(error, size);
                          });
}

void HttpSession::on_read(const Error& error, std::size_t size) {
  if (stage_ == Stage::closed) return;
  if (stage_ == Stage::draining) return error ? close() : drain();
  if (stage_ == Stage::writing) return;  // a timeout was answered meanwhile; its write goes on
  if (error == asio::error::eof && stage_ != Stage::waiting) return refuse(400, "the request ends early");
  if (error) return close();
  in_.commit(size);
  process();
}

void HttpSession::refuse(unsigned status, std::string message) {
  keep_alive_ = false;
  const Request request = parts_.request(peer_);
  if (respond(request, core().format_error(status, request.path, std::move(message)))) drain();
}

void HttpSession::refuse(const Error& error) {
  using boost::beast::http::error;
  namespace http_error = boost::beast::http;
  if (error == http_error::error::body_limit)
    return refuse(413, "content length too large (limit " + std::to_string(options().max_body_bytes) + " bytes)");
  if (error == http_error::error::header_limit)
    return refuse(431, "request header too large (limit " + std::to_string(options().max_header_bytes) + " bytes)");
  if (error == server_busy()) return refuse(503, "too many large requests at this time, try again later");
  if (error == unknown_transfer_encoding()) return refuse(501, "transfer encoding not supported");
  refuse(400, "malformed HTTP request: " + error.message());
}

}  // namespace aitbc::http
