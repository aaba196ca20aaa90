#include "load/echo_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <thread>
#include <vector>

namespace aitbc::bench {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = net::ip::tcp;

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(tcp::socket socket) : stream_(std::move(socket)) {}

  void read() {
    request_ = {};
    http::async_read(stream_, buffer_, request_, [self = shared_from_this()](const auto& error, std::size_t) {
      if (!error) self->answer();
    });
  }

 private:
  void answer() {
    response_ = {http::status::ok, request_.version()};
    response_.set(http::field::content_type, "application/json");
    response_.keep_alive(request_.keep_alive());
    response_.body() = std::move(request_.body());
    response_.prepare_payload();
    http::async_write(stream_, response_, [self = shared_from_this()](const auto& error, std::size_t) {
      if (!error && self->response_.keep_alive()) self->read();
    });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

}  // namespace

struct EchoServer::Impl {
  net::io_context context;
  tcp::acceptor acceptor{context};
  std::vector<std::jthread> threads;

  void accept() {
    acceptor.async_accept(net::make_strand(context), [this](const auto& error, tcp::socket socket) {
      if (error) return;
      boost::system::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      std::make_shared<Session>(std::move(socket))->read();
      accept();
    });
  }
};

EchoServer::EchoServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
EchoServer::~EchoServer() {
  impl_->context.stop();
  impl_->threads.clear();
}

Result<std::unique_ptr<EchoServer>> EchoServer::start(std::size_t threads) {
  auto impl = std::make_unique<Impl>();
  const tcp::endpoint loopback(net::ip::address_v4::loopback(), 0);
  boost::system::error_code error;
  impl->acceptor.open(loopback.protocol(), error);
  if (!error) impl->acceptor.bind(loopback, error);
  if (!error) impl->acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) return fail(ErrorCode::io, "cannot listen on a loopback port: " + error.message());
  impl->accept();
  for (std::size_t i = 0; i < threads; ++i)
    impl->threads.emplace_back([context = &impl->context] { context->run(); });
  return std::unique_ptr<EchoServer>(new EchoServer(std::move(impl)));
}

std::uint16_t EchoServer::port() const { return impl_->acceptor.local_endpoint().port(); }

}  // namespace aitbc::bench
