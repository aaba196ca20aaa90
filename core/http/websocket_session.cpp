#include "http/impl/websocket_session.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

namespace aitbc::http {
namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;

namespace {

// A slow but honest reader gets this much longer for each such part of a message.
constexpr std::size_t kSlowReaderBytesPerSecond = 256U << 10;
// What a queued message costs beside its text.
constexpr std::size_t kMessageOverhead = 64;

std::size_t cost(const std::string& text) { return text.size() + kMessageOverhead; }

boost::beast::string_view view(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

void PeerHandle::send(std::shared_ptr<const std::string> text) {
  if (overflowed_) return;
  const std::size_t size = cost(*text);
  const bool fits_here = queued_bytes_.fetch_add(size) + size <= core_.options.max_websocket_queue_bytes;
  const bool fits = core_.output_budget.take(size) && fits_here;
  if (!fits) overflowed_ = true;
  asio::post(context_, [handle = shared_from_this(), text = std::move(text), fits]() mutable {
    const auto session = handle->session_.lock();
    if (session != nullptr && fits) return session->enqueue(std::move(text), true);
    handle->core_.output_budget.give_back(cost(*text));
    if (session == nullptr) return;
    // The close frame follows the message that is being written, so a client that reads on gets to see it.
    session->close(websocket::close_code::policy_error, "too slow in reading notifications",
                   session->options().write_timeout);
  });
}

WebSocketSession::WebSocketSession(Worker& owner, Stream stream, Ticket ticket)
    : Connection(owner, std::move(ticket)),
      stream_(std::move(stream)),
      peer_(std::make_shared<PeerHandle>(owner.context, owner.core())) {
  ++core().websockets;
}

WebSocketSession::~WebSocketSession() {
  for (const Message& message : out_) core().output_budget.give_back(cost(*message.text));
  --core().websockets;
}

void WebSocketSession::accept(const Request& request) {
  boost::beast::http::request<boost::beast::http::empty_body> handshake;
  handshake.method(boost::beast::http::verb::get);
  handshake.target(view(request.path));
  handshake.version(11);
  for (const Field& field : request.fields) handshake.insert(view(field.name), view(field.value));

  stream_.set_option(websocket::stream_base::timeout{.handshake_timeout = options().header_timeout,
                                                     .idle_timeout = options().websocket_idle_timeout,
                                                     .keep_alive_pings = true});
  stream_.read_message_max(options().max_websocket_message_bytes);
  stream_.auto_fragment(false);
  stream_.text(true);
  stream_.async_accept(handshake, [self = std::static_pointer_cast<WebSocketSession>(shared_from_this())](
                                      const Error& error) { self->on_accept(error); });
}

void WebSocketSession::on_accept(const Error& error) {
  if (error) return end();
  peer_->session_ = std::static_pointer_cast<WebSocketSession>(shared_from_this());
  handler_ = core().websocket_factory(peer_);
  if (worker().shutting_down()) return shut_down();
  read();
}

void WebSocketSession::read() {
  stream_.async_read(in_, [self = std::static_pointer_cast<WebSocketSession>(shared_from_this())](
                              const Error& error, std::size_t) { self->on_read(error); });
}

void WebSocketSession::on_read(const Error& error) {
  if (error || ended_) return end();
  if (closing_) {  // what arrives before the client's close frame is not answered any more
    in_.clear();
    return read();
  }
  ++core().requests;
  const auto data = in_.cdata();
  std::string text = handler_->on_message({static_cast<const char*>(data.data()), data.size()});
  in_.clear();
  if (in_.capacity() > kIdleBuffer) in_.shrink_to_fit();
  if (!text.empty()) reply(std::move(text));
  paused_ = unread_replies_ > options().max_websocket_queue_bytes;
  if (!paused_) read();
}

// A reply that was asked for is always queued; further reading waits until the queue is short again.
void WebSocketSession::reply(std::string text) {
  auto shared = std::make_shared<const std::string>(std::move(text));
  unread_replies_ += shared->size();
  const bool fits = core().output_budget.take(cost(*shared));
  enqueue(std::move(shared), false);
  if (!fits)
    close(websocket::close_code::try_again_later, "too many large responses at this time",
          options().write_timeout);
}

void WebSocketSession::enqueue(Text text, bool is_notification) {
  if (closing_ || ended_) return core().output_budget.give_back(cost(*text));
  out_.push_back({std::move(text), is_notification});
  if (out_.size() == 1) write();
}

void WebSocketSession::write() {
  const std::string& text = *out_.front().text;
  expire_after(options().write_timeout + std::chrono::seconds(text.size() / kSlowReaderBytesPerSecond));
  stream_.async_write(asio::buffer(text),
                      [self = std::static_pointer_cast<WebSocketSession>(shared_from_this())](
                          const Error& error, std::size_t) { self->on_write(error); });
}

void WebSocketSession::on_write(const Error& error) {
  if (error || ended_) return end();
  drop_first();
  if (closing_) return;  // the close frame follows by itself
  never_expire();
  if (!out_.empty()) write();
  if (paused_ && unread_replies_ <= options().max_websocket_queue_bytes) {
    paused_ = false;
    read();
  }
}

void WebSocketSession::drop_first() {
  const Message& message = out_.front();
  core().output_budget.give_back(cost(*message.text));
  if (message.is_notification)
    peer_->queued_bytes_ -= cost(*message.text);
  else
    unread_replies_ -= message.text->size();
  out_.pop_front();
}

void WebSocketSession::close(websocket::close_code code, std::string_view reason,
                             std::chrono::milliseconds patience) {
  if (closing_ || ended_) return;
  closing_ = true;
  while (out_.size() > 1) {  // the first is being written
    core().output_budget.give_back(cost(*out_.back().text));
    out_.pop_back();
  }
  expire_after(patience);
  stream_.async_close(
      websocket::close_reason(code, view(reason)),
      [self = std::static_pointer_cast<WebSocketSession>(shared_from_this())](const Error&) { self->end(); });
}

void WebSocketSession::on_deadline() { end(); }

void WebSocketSession::shut_down() {
  if (handler_ == nullptr) return end();  // not even accepted
  close(websocket::close_code::going_away, "the server stops", options().linger_timeout);
}

void WebSocketSession::end() {
  if (ended_) return;
  ended_ = true;
  never_expire();
  handler_.reset();
  beast_close_socket(stream_.next_layer());
}

}  // namespace aitbc::http
