// One TLS connection: handshake, frames in and out, bounds on what both cost. Net thread only. Internal to
// node/p2p.
//
// A frame is be32 length | message, the message as messages.hpp encodes it.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <deque>
#include <memory>
#include <string>

#include "node/p2p/network.hpp"
#include "node/runtime/runtime.hpp"

namespace aitbc::p2p {

class ReadBudget;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  enum class Admission {
    take,
    skip,  // read past it
  };
  class Owner {
   public:
    virtual ~Owner() = default;
    // TLS stands, and the other end speaks for this node. Nothing is read before start_reading().
    virtual void on_secured(Connection& connection, const NodeId& node) = 0;
    // A frame begins. Its kind exists and its size is within the kind's bound.
    virtual Admission on_header(Connection& connection, Kind kind, std::size_t size) = 0;
    virtual void on_frame(Connection& connection, Bytes message, const Hold& hold) = 0;
    // What cannot be read as a frame; nothing after it can be, either.
    virtual void on_malformed(Connection& connection, std::string_view what) = 0;
    // Once, and nothing after it.
    virtual void on_closed(Connection& connection, const std::string& reason) = 0;
  };

  static constexpr std::size_t kMaxQueuedBytes = 48U << 20;  // to be sent; one frame always fits
  static constexpr std::size_t kMaxHeldBytes = 8U << 20;     // received and not done with; reading pauses
  static constexpr Duration kHandshakeTime = std::chrono::seconds(5);
  static constexpr Duration kFrameTime = std::chrono::seconds(30);  // for a frame to arrive or leave whole
  static constexpr Duration kSilence = std::chrono::seconds(15);    // without a byte from the other end
  static constexpr Duration kFarewell = std::chrono::seconds(1);    // for a Goodbye to leave

  Connection(PeerId id, Socket socket, boost::asio::ssl::context& tls, Owner& owner,
             std::shared_ptr<ReadBudget> budget);

  PeerId id() const { return id_; }
  // TLS as the side that dialled, or that accepted.
  void start(bool outbound, TimePoint now);
  void start_reading();
  // False: dropped, because too much waits to be sent or the connection is closing.
  bool send(const Frame& frame);
  // Sends a Goodbye, then closes. The reason goes to on_closed(), too.
  void close(std::string_view reason);
  // At once, without a word.
  void abort(const std::string& reason);
  // Called a few times each second: ends what takes too long, and reads on where reading paused.
  void on_tick(TimePoint now);
  TimePoint last_received() const { return last_received_; }
  const std::string& remote_host() const { return remote_host_; }
  std::uint16_t remote_port() const { return remote_port_; }

 private:
  using Error = boost::system::error_code;
  enum class Stage { handshake, secured, open, farewell, closed };
  class HeldBytes;

  void on_handshake(const Error& error);
  void read_header();
  void on_header(const Error& error);
  void read_body();
  void on_body(const Error& error, std::size_t size);
  void deliver();
  void resume();
  void released(std::size_t size);
  bool is_over_budget() const;
  void write_more();
  void on_written(const Error& error);

  const PeerId id_;
  boost::asio::ssl::stream<Socket> stream_;
  Owner& owner_;
  const std::shared_ptr<ReadBudget> budget_;
  std::string remote_host_;
  std::uint16_t remote_port_ = 0;
  Stage stage_ = Stage::handshake;
  std::string close_reason_;
  TimePoint now_{}, last_received_{}, frame_began_{}, write_began_{}, stage_began_{};

  std::array<std::uint8_t, 5> header_{};  // length and kind
  std::size_t missing_ = 0;               // of the body being read
  bool is_skipping_ = false;
  bool is_in_frame_ = false;
  bool is_paused_ = false;
  Bytes body_;
  std::size_t held_bytes_ = 0;

  std::deque<Frame> queue_;
  std::size_t queued_bytes_ = 0;  // those being written included
  std::vector<Frame> writing_;
  std::vector<std::array<std::uint8_t, 4>> lengths_;  // of `writing_`
};

}  // namespace aitbc::p2p
