#include "load/subscribers.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <map>
#include <memory>
#include <vector>

namespace aitbc::bench {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
using tcp = net::ip::tcp;

constexpr std::string_view kSubscribe =
    R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]})";

void allow_many_sockets() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// When each head was heard of, by whom does not matter.
struct Arrivals {
  std::map<std::string, std::vector<Clock::time_point>> by_head;
  std::string failure;
};

class Subscriber {
 public:
  Subscriber(net::io_context& context, Arrivals& arrivals) : stream_(context), arrivals_(arrivals) {}

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

 private:
  void listen() {
    stream_.async_read(buffer_, [this](const boost::system::error_code& error, std::size_t) {
      const auto now = Clock::now();
      if (error) {
        arrivals_.failure = "a subscriber was disconnected: " + error.message();
        return;
      }
      const auto data = buffer_.cdata();
      arrivals_.by_head[head_of({static_cast<const char*>(data.data()), data.size()})].push_back(now);
      buffer_.clear();
      listen();
    });
  }

  static std::string head_of(std::string_view notification) {
    constexpr std::string_view kKey = R"("number":")";
    const std::size_t at = notification.find(kKey);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = notification.substr(at + kKey.size());
    return std::string(rest.substr(0, rest.find('"')));
  }

  beast::websocket::stream<tcp::socket> stream_;
  beast::flat_buffer buffer_;
  Arrivals& arrivals_;
};

SubscribersReport evaluate(const Arrivals& arrivals, std::size_t subscribers) {
  SubscribersReport report{subscribers, arrivals.by_head.size(), 0, {}};
  std::vector<double> delays;
  for (const auto& [head, times] : arrivals.by_head) {
    report.notifications += times.size();
    for (const Clock::time_point time : times) delays.push_back(1e3 * seconds_between(times.front(), time));
  }
  report.delay = percentiles(std::move(delays));
  return report;
}

}  // namespace

Result<SubscribersReport> run_subscribers(const SubscribersOptions& options) {
  allow_many_sockets();
  AITBC_ASSIGN(const Endpoint endpoint, parse_endpoint(options.rpc_url));
  net::io_context context{1};
  boost::system::error_code error;
  const auto addresses = tcp::resolver(context).resolve(endpoint.host, std::to_string(endpoint.port), error);
  Arrivals arrivals;
  std::vector<std::unique_ptr<Subscriber>> subscribers;
  while (!error && subscribers.size() < options.subscribers) {
    subscribers.push_back(std::make_unique<Subscriber>(context, arrivals));
    error = subscribers.back()->open(addresses, endpoint.host);
  }
  if (error)
    return fail(ErrorCode::unavailable,
                fmt::format("subscriber {} cannot connect: {}", subscribers.size(), error.message()));
  arrivals.by_head.clear();  // heads that only some could hear of
  context.run_for(std::chrono::seconds(options.seconds));
  if (!arrivals.failure.empty()) return fail(ErrorCode::unavailable, arrivals.failure);
  return evaluate(arrivals, options.subscribers);
}

std::string text_of(const SubscribersReport& report) {
  return fmt::format(
      "{} subscribers, {} heads, {} of {} notifications; behind the first: p50 {:.1f} ms, p90 {:.1f} ms, p99 "
      "{:.1f} ms, worst {:.1f} ms\n",
      report.subscribers, report.heads, report.notifications, report.heads * report.subscribers,
      report.delay.p50_ms, report.delay.p90_ms, report.delay.p99_ms, report.delay.max_ms);
}

std::string json_of(const SubscribersReport& report) {
  return fmt::format(
      R"({{"subscribers":{},"heads":{},"notifications":{},"delay_p50_ms":{},"delay_p90_ms":{},"delay_p99_ms":{},"delay_max_ms":{}}})"
      "\n",
      report.subscribers, report.heads, report.notifications, report.delay.p50_ms, report.delay.p90_ms,
      report.delay.p99_ms, report.delay.max_ms);
}

}  // namespace aitbc::bench
