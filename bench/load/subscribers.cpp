#include "load/subscribers.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <charconv>
#include <memory>
#include <optional>

namespace aitbc::bench {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
using tcp = net::ip::tcp;

constexpr std::chrono::seconds kForStragglers{2};
constexpr std::string_view kSubscribe =
    R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]})";

void allow_many_sockets() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// The height in a notification; 0 when there is none.
std::uint64_t height_of(std::string_view notification) {
  constexpr std::string_view kKey = R"("number":"0x)";
  std::uint64_t height = 0;
  if (const std::size_t at = notification.find(kKey); at != std::string_view::npos)
    std::from_chars(notification.data() + at + kKey.size(), notification.data() + notification.size(), height,
                    16);
  return height;
}

struct Heard {
  Arrivals arrivals;
  std::string failure;
};

class Subscriber {
 public:
  Subscriber(net::io_context& context, Heard& heard) : stream_(context), heard_(heard) {}

  boost::system::error_code open(const tcp::resolver::results_type& addresses, const std::string& host) {
    boost::system::error_code error;
    net::connect(stream_.next_layer(), addresses, error);
    if (!error) stream_.handshake(host, "/", error);
    if (!error) stream_.write(net::buffer(kSubscribe), error);
    if (!error) stream_.read(buffer_, error);  // the subscription's id
    buffer_.clear();
    if (!error) listen();
    return error;
  }

  std::optional<std::uint64_t> first_height() const { return first_height_; }

 private:
  void listen() {
    stream_.async_read(buffer_, [this](const boost::system::error_code& error, std::size_t) {
      const auto now = WallClock::now();
      if (error) {
        heard_.failure = "a subscriber was disconnected: " + error.message();
        return;
      }
      const auto data = buffer_.cdata();
      const std::uint64_t height = height_of({static_cast<const char*>(data.data()), data.size()});
      heard_.arrivals[height].push_back(now);
      if (!first_height_) first_height_ = height;
      buffer_.clear();
      listen();
    });
  }

  beast::websocket::stream<tcp::socket> stream_;
  beast::flat_buffer buffer_;
  Heard& heard_;
  std::optional<std::uint64_t> first_height_;
};

}  // namespace

Result<SubscribersReport> run_subscribers(const SubscribersOptions& options) {
  if (options.subscribers == 0) return fail(ErrorCode::invalid_input, "subscribers are at least 1");
  allow_many_sockets();
  AITBC_ASSIGN(const Endpoint endpoint, parse_endpoint(options.rpc_url));
  net::io_context context{1};
  boost::system::error_code error;
  const auto addresses = tcp::resolver(context).resolve(endpoint.host, std::to_string(endpoint.port), error);
  Heard heard;
  std::vector<std::unique_ptr<Subscriber>> subscribers;
  while (!error && subscribers.size() < options.subscribers) {
    subscribers.push_back(std::make_unique<Subscriber>(context, heard));
    error = subscribers.back()->open(addresses, endpoint.host);
  }
  if (error)
    return fail(ErrorCode::unavailable,
                fmt::format("subscriber {} cannot connect: {}", subscribers.size(), error.message()));

  context.run_for(std::chrono::seconds(options.seconds));
  const auto first = subscribers.back()->first_height();
  const std::uint64_t last = heard.arrivals.empty() ? 0 : heard.arrivals.rbegin()->first;
  context.run_for(kForStragglers);
  if (!heard.failure.empty()) return fail(ErrorCode::unavailable, heard.failure);
  if (!first) return fail(ErrorCode::unavailable, fmt::format("no new head in {} seconds", options.seconds));
  heard.arrivals.erase(heard.arrivals.begin(), heard.arrivals.lower_bound(*first));
  heard.arrivals.erase(heard.arrivals.upper_bound(last), heard.arrivals.end());
  if (options.node_log.empty()) return evaluate(heard.arrivals, options.subscribers, nullptr);
  AITBC_ASSIGN(const CommitTimes commits, read_commit_times(options.node_log));
  return evaluate(heard.arrivals, options.subscribers, &commits);
}

}  // namespace aitbc::bench
