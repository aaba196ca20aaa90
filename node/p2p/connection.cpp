// Handshake, reading and the end of a connection; writing is in connection_write.cpp.
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/read.hpp>

#include "node/p2p/impl/connection.hpp"
#include "node/p2p/impl/read_budget.hpp"
#include "node/p2p/tls_identity.hpp"

namespace aitbc::p2p {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kFirstPiece = 64U << 10;

Result<NodeId> node_behind(SSL* tls) {
  X509* const certificate = SSL_get0_peer_certificate(tls);
  if (certificate == nullptr) return fail(ErrorCode::invalid_input, "the peer has no certificate");
  const STACK_OF(X509)* const chain = SSL_get_peer_cert_chain(tls);
  // A server's chain does not hold its own certificate, a client's does (SSL_get_peer_cert_chain(3)).
  if (chain != nullptr && sk_X509_num(chain) > 1)
    return fail(ErrorCode::invalid_input, "the peer has more than one certificate");
  unsigned char* encoded = nullptr;
  const int size = i2d_X509(certificate, &encoded);
  if (size <= 0) return fail(ErrorCode::invalid_input, "the peer's certificate is malformed");
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(
      encoded, [](unsigned char* memory) { OPENSSL_free(memory); });
  return node_of_certificate({encoded, static_cast<std::size_t>(size)});
}

}  // namespace

// What a Hold is of a real connection: tells it, on the net thread, when it is done with.
class Connection::HeldBytes {
 public:
  HeldBytes(std::shared_ptr<Connection> connection, std::size_t size)
      : connection_(std::move(connection)), size_(size) {}
  ~HeldBytes() {
    connection_->budget_->give_back(size_);
    const auto executor = connection_->stream_.get_executor();
    asio::dispatch(executor, [connection = connection_, size = size_] { connection->released(size); });
  }
  HeldBytes(const HeldBytes&) = delete;
  HeldBytes& operator=(const HeldBytes&) = delete;

 private:
  std::shared_ptr<Connection> connection_;
  std::size_t size_;
};

Connection::Connection(PeerId id, Socket socket, asio::ssl::context& tls, Owner& owner,
                       std::shared_ptr<ReadBudget> budget)
    : id_(id), stream_(std::move(socket), tls), owner_(owner), budget_(std::move(budget)) {
  Error error;
  const auto remote = stream_.next_layer().remote_endpoint(error);
  if (!error) {
    remote_host_ = remote.address().to_string();
    remote_port_ = remote.port();
  }
  stream_.next_layer().set_option(asio::ip::tcp::no_delay(true), error);
}

void Connection::start(bool outbound, TimePoint now) {
  now_ = stage_began_ = last_received_ = now;
  using Side = asio::ssl::stream_base;
  stream_.async_handshake(outbound ? Side::client : Side::server,
                          [self = shared_from_this()](const Error& error) { self->on_handshake(error); });
}

void Connection::on_handshake(const Error& error) {
  if (stage_ == Stage::closed) return;
  if (error) return abort("TLS handshake: " + error.message());
  const auto node = node_behind(stream_.native_handle());
  if (!node) return abort(node.error().message);
  stage_ = Stage::secured;
  owner_.on_secured(*this, *node);
}

void Connection::start_reading() {
  if (stage_ != Stage::secured) return;
  stage_ = Stage::open;
  read_header();
}

void Connection::read_header() {
  is_in_frame_ = false;
  asio::async_read(stream_, asio::buffer(header_),
                   [self = shared_from_this()](const Error& error, std::size_t) { self->on_header(error); });
}

void Connection::on_header(const Error& error) {
  if (stage_ == Stage::closed) return;
  if (error) return abort(close_reason_.empty() ? "the connection ended: " + error.message() : close_reason_);
  last_received_ = frame_began_ = now_;
  is_in_frame_ = true;
  const std::size_t size = std::size_t{header_[0]} << 24 | std::size_t{header_[1]} << 16 |
                           std::size_t{header_[2]} << 8 | std::size_t{header_[3]};
  const Kind kind = header_[4];
  if (size == 0 || size > max_encoded_size(kind))
    return owner_.on_malformed(*this, "a frame of a wrong length");
  is_skipping_ = stage_ == Stage::farewell || owner_.on_header(*this, kind, size) == Admission::skip;
  if (stage_ == Stage::closed) return;
  body_.assign(1, kind);
  missing_ = size - 1;
  read_body();
}

// The buffer grows with what has arrived: a length alone reserves nothing.
void Connection::read_body() {
  if (missing_ == 0) return is_skipping_ ? read_header() : deliver();
  const std::size_t had = is_skipping_ ? 0 : body_.size();
  const std::size_t piece = std::min(missing_, std::max(kFirstPiece, had));
  body_.resize(had + piece);
  asio::async_read(
      stream_, asio::buffer(body_.data() + had, piece),
      [self = shared_from_this()](const Error& error, std::size_t size) { self->on_body(error, size); });
}

void Connection::on_body(const Error& error, std::size_t size) {
  if (stage_ == Stage::closed) return;
  if (error) return abort(close_reason_.empty() ? "the connection ended: " + error.message() : close_reason_);
  last_received_ = now_;
  missing_ -= size;
  read_body();
}

void Connection::deliver() {
  is_in_frame_ = false;
  if (stage_ == Stage::open) {
    const std::size_t size = body_.size();
    budget_->take(size);
    held_bytes_ += size;
    const auto hold = std::make_shared<const HeldBytes>(shared_from_this(), size);
    owner_.on_frame(*this, std::move(body_), hold);
    body_ = Bytes();
  }
  if (stage_ == Stage::closed) return;
  is_paused_ = is_over_budget();
  if (!is_paused_) read_header();
}

bool Connection::is_over_budget() const {
  return held_bytes_ > kMaxHeldBytes || (held_bytes_ > 0 && budget_->is_exhausted());
}

void Connection::released(std::size_t size) {
  held_bytes_ -= size;
  resume();
}

void Connection::resume() {
  if (!is_paused_ || is_over_budget() || stage_ == Stage::closed) return;
  is_paused_ = false;
  read_header();
}

void Connection::close(std::string_view reason) {
  if (stage_ == Stage::farewell || stage_ == Stage::closed) return;
  if (stage_ == Stage::handshake) return abort(std::string(reason));
  close_reason_ = reason;
  queue_.clear();
  queue_.push_back(make_frame(Goodbye{std::string(reason.substr(0, kMaxTextBytes))}));
  stage_ = Stage::farewell;
  stage_began_ = now_;
  is_paused_ = false;
  write_more();
}

void Connection::abort(const std::string& reason) {
  if (stage_ == Stage::closed) return;
  stage_ = Stage::closed;
  Error ignored;
  stream_.next_layer().close(ignored);
  queue_.clear();
  owner_.on_closed(*this, reason);
}

void Connection::on_tick(TimePoint now) {
  now_ = now;
  const auto is_over = [now](TimePoint since, Duration limit) { return now - since > limit; };
  const bool is_early = stage_ == Stage::handshake || stage_ == Stage::secured;
  if (is_early && is_over(stage_began_, kHandshakeTime)) return abort("the handshake took too long");
  if (stage_ == Stage::farewell && is_over(stage_began_, kFarewell)) return abort(close_reason_);
  if (!writing_.empty() && is_over(write_began_, kFrameTime))
    return abort("it takes nothing that it is sent");
  if (stage_ != Stage::open) return;
  if (is_in_frame_ && is_over(frame_began_, kFrameTime)) return abort("a frame took too long to arrive");
  if (!is_paused_ && is_over(last_received_, kSilence)) return abort("nothing was heard from it");
  if (is_paused_) last_received_ = now;
  resume();
}

}  // namespace aitbc::p2p
