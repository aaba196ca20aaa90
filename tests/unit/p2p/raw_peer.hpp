// A peer that says whatever a test wants: blocking TLS from a thread-less client, driven with the world.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <optional>

#include "node/p2p/impl/tls_context.hpp"
#include "tests/unit/p2p/nodes.hpp"

namespace aitbc::p2p::test {

class RawPeer {
 public:
  RawPeer(World& world, const Node& target, const PrivateKey& key = PrivateKey::generate())
      : world_(world), tls_(*make_tls_context(key)), stream_(world.net, tls_) {
    connect(target);
  }
  // With another TLS set-up, to be refused.
  RawPeer(World& world, const Node& target, boost::asio::ssl::context tls)
      : world_(world), tls_(std::move(tls)), stream_(world.net, tls_) {
    connect(target);
  }

  ~RawPeer() { *alive_ = false; }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  bool is_open() const { return !ended_; }
  const std::vector<Message>& heard() const { return heard_; }
  // The reason of the Goodbye that came; empty when none did.
  std::string farewell() const {
    for (const Message& message : heard_)
      if (const auto* goodbye = std::get_if<Goodbye>(&message)) return goodbye->reason;
    return "";
  }

  void send(const Message& message) { send_frame(encode(message)); }
  void send_frame(const Bytes& content) { send_raw(content.size(), content); }
  // A length of the caller's choice before the content.
  void send_raw(std::size_t length, const Bytes& content) {
    auto bytes = std::make_shared<Bytes>();
    for (const int shift : {24, 16, 8, 0}) bytes->push_back(static_cast<std::uint8_t>(length >> shift));
    append(*bytes, content);
    queue_.push_back(bytes);
    if (queue_.size() == 1) write();
  }
  // Says Hello as an honest node of the tests' chain does.
  void greet() {
    Hello hello;
    hello.chain_id = 661436;
    hello.genesis.bytes.fill(1);
    send(hello);
  }

 private:
  void connect(const Node& target) {
    namespace asio = boost::asio;
    stream_.next_layer().connect({asio::ip::make_address("127.0.0.1"), target.address().port});
    std::optional<boost::system::error_code> result;
    stream_.async_handshake(asio::ssl::stream_base::client,
                            [&](boost::system::error_code error) { result = error; });
    REQUIRE(world_.run_until([&] { return result.has_value(); }));
    ended_ = static_cast<bool>(*result);
    if (!ended_) read();
  }
  void write() {
    boost::asio::async_write(stream_, boost::asio::buffer(*queue_.front()),
                             [this, alive = alive_](boost::system::error_code error, std::size_t) {
                               if (!*alive) return;
                               if (error) return end();
                               queue_.pop_front();
                               if (!queue_.empty()) write();
                             });
  }
  void read() {
    boost::asio::async_read(stream_, boost::asio::buffer(length_),
                            [this, alive = alive_](boost::system::error_code error, std::size_t) {
                              if (!*alive) return;
                              if (error) return end();
                              body_.resize(std::size_t{length_[0]} << 24 | std::size_t{length_[1]} << 16 |
                                           std::size_t{length_[2]} << 8 | length_[3]);
                              boost::asio::async_read(
                                  stream_, boost::asio::buffer(body_),
                                  [this, alive](boost::system::error_code failure, std::size_t) {
                                    if (!*alive) return;
                                    if (failure) return end();
                                    heard_.push_back(*decode(body_));
                                    read();
                                  });
                            });
  }
  void end() { ended_ = true; }

  World& world_;
  boost::asio::ssl::context tls_;
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
  std::array<std::uint8_t, 4> length_{};
  Bytes body_;
  std::deque<std::shared_ptr<Bytes>> queue_;
  std::vector<Message> heard_;
  bool ended_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // what waits on the executor looks here first
};

}  // namespace aitbc::p2p::test
