#include "load/http_loop.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.hpp"

namespace aitbc::bench {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
using tcp = net::ip::tcp;
using Clock = std::chrono::steady_clock;
using Results = tcp::resolver::results_type;

constexpr std::chrono::milliseconds kWatchdogInterval{200};
// Beast asks the socket for as much as the buffer has room for, to begin with for 512 bytes: a large answer
// would cost the generator more than the server.
constexpr std::size_t kReadSize = 64U << 10;

std::string name_of(const Endpoint& endpoint) {
  return "http://" + endpoint.host + ":" + std::to_string(endpoint.port) + endpoint.path;
}

class Connection {
 public:
  Connection(net::io_context& context, const Results& addresses, std::string name, Refuse refuse)
      : socket_(context), addresses_(addresses), name_(std::move(name)), refuse_(refuse) {
    buffer_.reserve(kReadSize);
  }

  boost::system::error_code open() {
    boost::system::error_code error;
    net::connect(socket_, addresses_, error);
    if (!error) socket_.set_option(tcp::no_delay(true), error);
    return error;
  }

  void exchange(std::string_view request, OnResponse handler, Clock::time_point deadline) {
    AITBC_CHECK(!busy_, "one exchange at a time");
    busy_ = true;
    timed_out_ = false;
    deadline_ = deadline;
    handler_ = std::move(handler);
    if (!socket_.is_open()) {
      if (const auto error = open()) return finish_later(error.message());
    }
    net::async_write(socket_, net::buffer(request), [this](const auto& error, std::size_t) {
      if (error) return finish(fail_with(error.message()));
      read();
    });
  }

  // Fails an exchange that is past its deadline.
  void watch(Clock::time_point now) {
    if (!busy_ || now < deadline_) return;
    timed_out_ = true;
    close();
  }

 private:
  void read() {
    parser_.emplace();
    parser_->body_limit(boost::none);
    http::async_read(socket_, buffer_, *parser_, [this](const auto& error, std::size_t) {
      if (error) return finish(fail_with(error.message()));
      if (!parser_->keep_alive()) close();
      const auto& response = parser_->get();
      // Some servers answer a JSON-RPC error with another status; its body says more than the number.
      if (response.body().empty())
        return finish(fail_with("HTTP status " + std::to_string(response.result_int()) + " without a body"));
      if (refuse_ == Refuse::statuses_of_errors && response.result_int() >= 400)
        return finish(
            fail_with("HTTP status " + std::to_string(response.result_int()) + ": " + response.body()));
      finish(std::string_view(response.body()));
    });
  }

  tl::unexpected<Error> fail_with(const std::string& reason) {
    close();
    buffer_.clear();
    return fail(ErrorCode::unavailable, name_ + ": " + (timed_out_ ? "no answer in time" : reason));
  }

  void finish_later(const std::string& reason) {
    net::post(socket_.get_executor(), [this, reason] { finish(fail_with(reason)); });
  }

  // The handler may start the next exchange; the parser keeps the body until that one's answer arrives.
  void finish(Result<std::string_view> result) {
    busy_ = false;
    const OnResponse handler = std::exchange(handler_, nullptr);
    handler(std::move(result));
  }

  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  tcp::socket socket_;
  Results addresses_;
  std::string name_;
  Refuse refuse_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::response_parser<http::string_body>> parser_;
  OnResponse handler_;
  Clock::time_point deadline_;
  bool busy_ = false;
  bool timed_out_ = false;
};

}  // namespace

struct HttpLoop::Impl {
  net::io_context context{1};
  net::steady_timer watchdog{context};
  std::vector<std::unique_ptr<Connection>> connections;
  std::chrono::milliseconds timeout{0};
  std::size_t under_way = 0;

  // One timer for all: a timer per exchange would cost as much as the exchange.
  void watch() {
    watchdog.expires_after(kWatchdogInterval);
    watchdog.async_wait([this](const auto& error) {
      if (error || under_way == 0) return;
      for (const auto& connection : connections) connection->watch(Clock::now());
      watch();
    });
  }
  void begin() {
    if (under_way++ == 0) watch();
  }
  void end() {
    if (--under_way == 0) watchdog.cancel();
  }
};

HttpLoop::HttpLoop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpLoop::~HttpLoop() = default;

Result<std::unique_ptr<HttpLoop>> HttpLoop::connect(const Endpoint& endpoint, std::size_t connections,
                                                    std::chrono::milliseconds timeout, Refuse refuse) {
  auto impl = std::make_unique<Impl>();
  impl->timeout = timeout;
  boost::system::error_code error;
  tcp::resolver resolver(impl->context);
  const Results addresses = resolver.resolve(endpoint.host, std::to_string(endpoint.port), error);
  for (std::size_t i = 0; !error && i < connections; ++i) {
    impl->connections.push_back(
        std::make_unique<Connection>(impl->context, addresses, name_of(endpoint), refuse));
    error = impl->connections.back()->open();
  }
  if (error)
    return fail(ErrorCode::unavailable, "cannot connect to " + name_of(endpoint) + ": " + error.message());
  return std::unique_ptr<HttpLoop>(new HttpLoop(std::move(impl)));
}

void HttpLoop::send(std::size_t connection, std::string_view request, OnResponse handler) {
  impl_->begin();
  auto done = [this, inner = std::move(handler)](Result<std::string_view> body) {
    inner(std::move(body));
    impl_->end();
  };
  impl_->connections[connection]->exchange(request, std::move(done), Clock::now() + impl_->timeout);
}

void HttpLoop::at(std::chrono::steady_clock::time_point time, std::function<void()> handler) {
  auto timer = std::make_shared<net::steady_timer>(impl_->context, time);
  timer->async_wait([timer, call = std::move(handler)](const auto& error) {
    if (!error) call();
  });
}

void HttpLoop::run() {
  impl_->context.restart();
  impl_->context.run();
}

void HttpLoop::stop() { impl_->context.stop(); }

}  // namespace aitbc::bench
