// Frames out: queued within a bound, written many at a time.
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "node/p2p/impl/connection.hpp"

namespace aitbc::p2p {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kFramesPerWrite = 64;
constexpr std::size_t kBytesPerWrite = 256U << 10;

std::array<std::uint8_t, 4> length_of(const Frame& frame) {
  const std::size_t size = frame->size();
  return {static_cast<std::uint8_t>(size >> 24), static_cast<std::uint8_t>(size >> 16),
          static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
}

}  // namespace

bool Connection::send(const Frame& frame) {
  if (stage_ != Stage::secured && stage_ != Stage::open) return false;
  if (queued_bytes_ > 0 && queued_bytes_ + frame->size() > kMaxQueuedBytes) return false;
  queue_.push_back(frame);
  queued_bytes_ += frame->size();
  write_more();
  return true;
}

void Connection::write_more() {
  if (!writing_.empty() || queue_.empty()) return;
  std::size_t size = 0;
  lengths_.clear();
  while (!queue_.empty() && writing_.size() < kFramesPerWrite && size < kBytesPerWrite) {
    size += queue_.front()->size();
    lengths_.push_back(length_of(queue_.front()));
    writing_.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  std::vector<asio::const_buffer> buffers;
  buffers.reserve(2 * writing_.size());
  for (std::size_t i = 0; i < writing_.size(); ++i) {
    buffers.push_back(asio::buffer(lengths_[i]));
    buffers.push_back(asio::buffer(*writing_[i]));
  }
  write_began_ = now_;
  asio::async_write(stream_, buffers, [self = shared_from_this()](const Error& error, std::size_t) {
    self->on_written(error);
  });
}

void Connection::on_written(const Error& error) {
  if (stage_ == Stage::closed) return;
  if (error) return abort(close_reason_.empty() ? "the connection ended: " + error.message() : close_reason_);
  for (const Frame& frame : writing_) queued_bytes_ -= std::min(queued_bytes_, frame->size());
  writing_.clear();
  if (!queue_.empty()) return write_more();
  if (stage_ != Stage::farewell) return;
  // The other end reads the Goodbye, then sees the end and closes.
  Error ignored;
  stream_.next_layer().shutdown(Socket::shutdown_send, ignored);
}

}  // namespace aitbc::p2p
