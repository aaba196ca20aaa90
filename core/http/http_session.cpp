#include "http/impl/http_session.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace aitbc::http {
namespace asio = boost::asio;

namespace {

constexpr std::size_t kHeaderReadSize = 8U << 10;
constexpr std::size_t kBodyReadSize = 64U << 10;

}  // namespace

HttpSession::HttpSession(Worker& owner, asio::ip::tcp::socket socket, Ticket ticket)
    : Connection(owner, std::move(ticket)),
      socket_(std::move(socket)),
      in_(owner.core().options.max_header_bytes + kBodyReadSize),
      parts_(owner.core().body_budget),
      output_share_(owner.core().output_budget) {
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
      case Parsed::need_more:
        return read_more();
      case Parsed::refused:
        return;
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
  if (reading_) return;
  if (stage_ == Stage::draining) in_.clear();
  const std::size_t room = in_.max_size() - in_.size();
  if (room == 0) return refuse(431, "request header or chunk too large");
  const bool in_bulk = stage_ == Stage::body || stage_ == Stage::draining;
  const std::size_t wanted = in_bulk ? kBodyReadSize : kHeaderReadSize;
  reading_ = true;
  socket_.async_read_some(
      in_.prepare(std::min(room, wanted)),
      [self = shared_from_this(), this](const Error& error, std::size_t size) { on_read(error, size); });
}

void HttpSession::on_read(const Error& error, std::size_t size) {
  reading_ = false;
  if (stage_ == Stage::closed) return;
  if (stage_ == Stage::draining) return error ? close() : read_more();
  if (stage_ == Stage::writing) return;  // a timeout was answered meanwhile; its write goes on
  if (error == asio::error::eof && stage_ != Stage::waiting) return refuse(400, "the request ends early");
  if (error) return close();
  in_.commit(size);
  process();
}

void HttpSession::on_deadline() {
  switch (stage_) {
    case Stage::header:
      return refuse(408, "the request header took too long");
    case Stage::body:
      return refuse(408, "the request body took too long");
    case Stage::waiting:
    case Stage::writing:
    case Stage::draining:
    case Stage::closed:
      return close();
  }
}

void HttpSession::shut_down() {
  // A request that is being read, or a response being written, may still finish.
  if (stage_ == Stage::waiting || stage_ == Stage::draining) close();
}

void HttpSession::close() {
  if (stage_ == Stage::closed) return;
  stage_ = Stage::closed;
  never_expire();
  Error ignored;  // it is gone either way
  socket_.close(ignored);
}

void HttpSession::refuse(unsigned status, std::string message) {
  keep_alive_ = false;
  const Request request = parts_.request(peer_);
  respond(request, core().format_error(status, request.path, std::move(message)));
  parts_.clear();  // others may want the memory while this client takes its time to read the answer
}

void HttpSession::refuse(const Error& error) {
  namespace http = boost::beast::http;
  if (error == http::error::body_limit)
    return refuse(413,
                  "content length too large (limit " + std::to_string(options().max_body_bytes) + " bytes)");
  if (error == http::error::header_limit)
    return refuse(
        431, "request header too large (limit " + std::to_string(options().max_header_bytes) + " bytes)");
  if (error == server_busy()) return refuse(503, "too many large requests at this time, try again later");
  if (error == unknown_transfer_encoding()) return refuse(501, "transfer encoding not supported");
  refuse(400, "malformed HTTP request: " + error.message());
}

}  // namespace aitbc::http
