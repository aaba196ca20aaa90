// The answering half of HttpSession: routing, access rules, and writing the response.
#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <exception>

#include "http/access.hpp"
#include "http/impl/http_session.hpp"
#include "http/impl/websocket_session.hpp"

namespace aitbc::http {
namespace asio = boost::asio;

namespace {

void append_number(std::string& out, std::size_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

constexpr std::size_t kDrainSize = 16U << 10;

bool has_body(unsigned status) { return status != 204 && status != 304; }

}  // namespace

bool HttpSession::answer() {
  ++core().requests;
  keep_alive_ = parser_->keep_alive() && !worker().shutting_down();
  const Request request = parts_.request(peer_);
  if (wants_websocket(request)) {
    upgrade(request);
    return false;
  }
  std::optional<Response> response = handle(request);
  return response && respond(request, std::move(*response));
}

std::optional<Response> HttpSession::handle(const Request& request) {
  const ErrorFormatter& format_error = core().format_error;
  if (!host_allowed(request.field("Host"), options().allowed_hosts))
    return format_error(403, request.path, "invalid host specified");
  Router::Match match = core().router.find(request.method, request.path);
  if (match.handler != nullptr || match.deferred != nullptr) {
    try {
      if (match.handler != nullptr) return (*match.handler)(request);
      defer(request, *match.deferred);
      return std::nullopt;
    } catch (const std::exception& error) {
      return format_error(500, request.path, std::string("internal error: ") + error.what());
    }
  }
  if (match.allowed_methods.empty()) return format_error(404, request.path, "no such path");
  if (request.method == "OPTIONS") return preflight(request, std::move(match.allowed_methods));
  Response response = format_error(405, request.path, "method not allowed");
  response.fields.emplace_back("Allow", std::move(match.allowed_methods));
  return response;
}

namespace {

// What a deferred handler answers through, from any thread.
class Reply {
 public:
  Reply(asio::io_context& context, std::function<void(Response)> on_answer, ErrorFormatter format_error)
      : context_(context), on_answer_(std::move(on_answer)), format_error_(std::move(format_error)) {}
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  ~Reply() {
    if (!answered_) answer(format_error_(500, "-", "internal error: the request was dropped"));
  }
  void answer(Response response) {
    if (answered_.exchange(true)) return;
    asio::post(context_, [then = std::move(on_answer_), response = std::move(response)]() mutable {
      then(std::move(response));
    });
  }

 private:
  asio::io_context& context_;
  std::function<void(Response)> on_answer_;
  ErrorFormatter format_error_;
  std::atomic<bool> answered_{false};
};

}  // namespace

void HttpSession::defer(const Request& request, const DeferredHandler& handler) {
  stage_ = Stage::deferred;
  never_expire();
  const auto on_answer = [self =
                              std::static_pointer_cast<HttpSession>(shared_from_this())](Response response) {
    if (self->stage_ != Stage::deferred) return;
    if (self->respond(self->parts_.request(self->peer_), std::move(response))) self->process();
  };
  auto reply = std::make_shared<Reply>(worker().context, on_answer, core().format_error);
  handler(request, [reply = std::move(reply)](Response response) { reply->answer(std::move(response)); });
}

Response HttpSession::preflight(const Request& request, std::string allowed_methods) {
  Response response{.status = 204, .content_type = {}, .body = {}, .fields = {}};
  if (origin_allowed(request.field("Origin"), options().cors_origins)) {
    response.fields.emplace_back("Access-Control-Allow-Methods", allowed_methods);
    response.fields.emplace_back("Access-Control-Allow-Headers",
                                 request.field("Access-Control-Request-Headers"));
    response.fields.emplace_back("Access-Control-Max-Age", "600");
  }
  response.fields.emplace_back("Allow", std::move(allowed_methods));
  return response;
}

void HttpSession::put_head(const Request& request, const Response& response) {
  head_.clear();
  head_.append("HTTP/1.1 ");
  append_number(head_, response.status);
  head_.append(" ").append(reason_phrase(response.status)).append("\r\n");
  if (has_body(response.status)) {
    append_field(head_, "Content-Type", response.content_type);
    head_.append("Content-Length: ");
    append_number(head_, response.body.size());
    head_.append("\r\n");
  }
  for (const auto& [name, value] : response.fields) append_field(head_, name, value);
  if (!options().cors_origins.empty()) {
    append_field(head_, "Vary", "Origin");
    const std::string_view origin = request.field("Origin");
    if (!origin.empty() && origin_allowed(origin, options().cors_origins))
      append_field(head_, "Access-Control-Allow-Origin", origin);
  }
  // What HTTP/1.1 implies is said all the same, for clients of HTTP/1.0.
  append_field(head_, "Connection", keep_alive_ ? "keep-alive" : "close");
  head_.append("\r\n");
}

bool HttpSession::respond(const Request& request, Response response) {
  const bool is_large = response.body.size() > kIdleBuffer;
  if (is_large && !output_share_.take(response.body.size())) {
    output_share_.clear();
    response =
        core().format_error(503, request.path, "too many large responses at this time, try again later");
  }
  put_head(request, response);
  if (request.method == "HEAD" || !has_body(response.status)) response.body.clear();
  body_ = std::move(response.body);
  written_ = 0;
  stage_ = Stage::writing;
  expire_after(options().write_timeout);
  return write();
}

bool HttpSession::write() {
  // Nearly every response fits into the socket's buffer: trying at once saves a turn of the event loop.
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head_), asio::buffer(body_)};
  Error error;
  written_ = stream_.write_now(buffers, error);
  if (error && error != asio::error::would_block) {
    close();
    return false;
  }
  if (written_ == head_.size() + body_.size()) return finish_response();
  continue_write();
  return false;
}

void HttpSession::continue_write() {
  const auto then = [self = shared_from_this(), this](const Error& error, std::size_t size) {
    on_write(error, size);
  };
  if (written_ >= head_.size())
    stream_.async_write_some(asio::buffer(body_) + (written_ - head_.size()), then);
  else
    stream_.async_write_some(
        std::array<asio::const_buffer, 2>{asio::buffer(head_) + written_, asio::buffer(body_)}, then);
}

void HttpSession::on_write(const Error& error, std::size_t size) {
  if (stage_ == Stage::closed) return;
  if (error) return close();
  written_ += size;
  expire_after(options().write_timeout);
  if (written_ < head_.size() + body_.size()) return continue_write();
  if (finish_response()) process();
}

bool HttpSession::finish_response() {
  if (body_.capacity() > kIdleBuffer) std::string().swap(body_);
  output_share_.clear();
  if (keep_alive_) {
    expect_request();
    return true;
  }
  // Closing now, with input unread, would reset the connection before the client has read the response.
  stage_ = Stage::draining;
  expire_after(options().linger_timeout);
  stream_.async_finish([self = shared_from_this(), this] {
    if (stage_ != Stage::closed) drain();
  });
  return false;
}

void HttpSession::drain() {
  if (reading_) return;  // a read that a timeout overtook ends up here as well
  in_.clear();
  reading_ = true;
  stream_.async_drain_some(
      in_.prepare(kDrainSize),
      [self = shared_from_this(), this](const Error& error, std::size_t size) { on_read(error, size); });
}

bool HttpSession::wants_websocket(const Request& request) {
  return core().websocket_factory && request.path == core().websocket_path && parser_->upgrade() &&
         equal_ignoring_case(request.field("Upgrade"), "websocket");
}

void HttpSession::upgrade(const Request& request) {
  if (!host_allowed(request.field("Host"), options().allowed_hosts))
    return refuse(403, "invalid host specified");
  if (!websocket_origin_allowed(request.field("Origin"), options().cors_origins))
    return refuse(403, "origin not allowed");
  if (in_.size() > 0) return refuse(400, "data before the WebSocket handshake is done");
  stage_ = Stage::closed;  // the stream moves on to its new owner
  never_expire();
  std::make_shared<WebSocketSession>(worker(), std::move(stream_), take_ticket())->accept(request);
}

}  // namespace aitbc::http
