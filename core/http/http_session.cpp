#include "http/impl/http_session.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

namespace aitbc::http {
namespace asio = boost::asio;

namespace {

constexpr std::size_t kHeaderReadSize = 8U << 10;
constexpr std::size_t kBodyReadSize = 64U << 10;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kTlsExpected =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 38\r\n"
    "Connection: close\r\n\r\n{\"detail\":\"this port speaks https://\"}\n";

// A client that speaks HTTP to a port that speaks HTTPS.
bool is_plain_http(const boost::system::error_code& error) {
  return error.category() == asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_HTTP_REQUEST;
}

}  // namespace

HttpSession::HttpSession(Worker& owner, Stream stream, Ticket ticket)
    : Connection(owner, std::move(ticket)),
      stream_(std::move(stream)),
      in_(owner.core().options.max_header_bytes + kBodyReadSize),
      parts_(owner.core().body_budget),
      output_share_(owner.core().output_budget) {
  Error ignored;  // a socket that is broken already shows it at the first read
  stream_.socket().non_blocking(true, ignored);
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (const auto endpoint = stream_.socket().remote_endpoint(ignored); !ignored)
    peer_ = endpoint.address().to_string();
}

void HttpSession::start() { open(&HttpSession::read_first); }
void HttpSession::refuse_connection() { open(&HttpSession::refuse_politely); }

void HttpSession::open(void (HttpSession::*next)()) {
  if (!stream_.is_encrypted()) return (this->*next)();
  stage_ = Stage::handshake;
  expire_after(options().header_timeout);
  stream_.async_handshake([self = shared_from_this(), this, next](const Error& error) {
    if (stage_ == Stage::closed) return;
    if (!error) return (this->*next)();
    if (is_plain_http(error)) {
      Error ignored;  // whoever hung up already does not need the hint
      stream_.socket().write_some(asio::buffer(kTlsExpected), ignored);
    }
    close();
  });
}

void HttpSession::read_first() {
  expect_request();
  read_more();
}

void HttpSession::refuse_politely() {
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
      // The response comes after the body, so nothing else is being written; a broken socket shows at the
      // next read.
      asio::async_write(stream_, asio::buffer(kContinue),
                        [self = shared_from_this()](const Error&, std::size_t) {});
    }
  }
}

void HttpSession::read_more() {
  if (reading_) return;
  const std::size_t room = in_.max_size() - in_.size();
  if (room == 0) return refuse(431, "request header or chunk too large");
  const std::size_t wanted = stage_ == Stage::body ? kBodyReadSize : kHeaderReadSize;
  reading_ = true;
  stream_.async_read_some(
      in_.prepare(std::min(room, wanted)),
      [self = shared_from_this(), this](const Error& error, std::size_t size) { on_read(error, size); });
}

void HttpSession::on_read(const Error& error, std::size_t size) {
  reading_ = false;
  if (stage_ == Stage::closed) return;
  if (stage_ == Stage::draining) return error ? close() : drain();
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
    case Stage::handshake:
    case Stage::deferred:
    case Stage::waiting:
    case Stage::writing:
    case Stage::draining:
    case Stage::closed:
      return close();
  }
}

void HttpSession::shut_down() {
  // A request that is being read, or a response being written, may still finish.
  if (stage_ == Stage::handshake || stage_ == Stage::waiting || stage_ == Stage::draining) close();
}

void HttpSession::close() {
  if (stage_ == Stage::closed) return;
  stage_ = Stage::closed;
  never_expire();
  Error ignored;  // it is gone either way
  stream_.socket().close(ignored);
}

void HttpSession::refuse(unsigned status, std::string message) {
  keep_alive_ = false;
  parts_.drop_body();  // others may want the memory while this client takes its time to read the answer
  const Request request = parts_.request(peer_);
  respond(request, core().format_error(status, request.path, std::move(message)));
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
