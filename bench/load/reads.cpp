#include "load/reads.hpp"

#include "codec/hex.hpp"
#include "load/accounts.hpp"
#include "load/echo_server.hpp"
#include "load/http_loop.hpp"
#include "load/scan.hpp"

namespace aitbc::bench {
namespace {

// Sends the requests round and round on every connection until the time is over.
class Repetition {
 public:
  Repetition(HttpLoop& loop, const std::vector<std::string>& requests, Refuse refused, Clock::time_point end)
      : loop_(loop), requests_(requests), scans_bodies_(refused == Refuse::nothing), end_(end) {}

  Result<std::vector<double>> run(std::size_t connections) {
    for (std::size_t c = 0; c < connections; ++c) send(c);
    loop_.run();
    if (!failure_.empty()) return fail(ErrorCode::unavailable, failure_);
    return std::move(latencies_ms_);
  }

 private:
  void send(std::size_t connection) {
    const auto sent = Clock::now();
    if (sent >= end_ || !failure_.empty()) return;
    loop_.send(connection, requests_[next_++ % requests_.size()],
               [this, connection, sent](Result<std::string_view> body) {
                 if (!body || (scans_bodies_ && has_error(*body))) return give_up(body);
                 latencies_ms_.push_back(1e3 * seconds_between(sent, Clock::now()));
                 send(connection);
               });
  }

  void give_up(const Result<std::string_view>& body) {
    failure_ = body ? "the server answered with an error: " + first_error(*body) : body.error().message;
    loop_.stop();
  }

  HttpLoop& loop_;
  const std::vector<std::string>& requests_;
  bool scans_bodies_;  // for the errors of JSON-RPC
  Clock::time_point end_;
  std::size_t next_ = 0;
  std::vector<double> latencies_ms_;
  std::string failure_;
};

Result<ReadRate> measure_requests(std::string name, const Endpoint& endpoint,
                                  const std::vector<std::string>& requests, std::size_t calls_per_request,
                                  Refuse refused, const ReadsOptions& options) {
  AITBC_ASSIGN(const auto loop, HttpLoop::connect(endpoint, options.connections,
                                                  std::chrono::seconds(options.timeout_s), refused));
  const auto start = Clock::now();
  Repetition repetition(*loop, requests, refused, start + std::chrono::seconds(options.seconds));
  AITBC_ASSIGN(std::vector<double> latencies, repetition.run(options.connections));
  ReadRate out{std::move(name), calls_per_request, 0, 0, {}};
  out.seconds = seconds_between(start, Clock::now());
  out.calls = latencies.size() * calls_per_request;
  out.latency = percentiles(std::move(latencies));
  return out;
}

Result<ReadRate> measure(std::string name, const Endpoint& endpoint, const std::vector<std::string>& bodies,
                         std::size_t calls_per_request, const ReadsOptions& options) {
  std::vector<std::string> requests;
  for (const std::string& body : bodies) requests.push_back(make_request(endpoint, body));
  return measure_requests(std::move(name), endpoint, requests, calls_per_request, Refuse::nothing, options);
}

std::vector<RpcCall> balance_calls(const ReadsOptions& options) {
  std::vector<RpcCall> out;
  for (const Account& account : derive_accounts(options.seed, options.accounts))
    out.push_back({"eth_getBalance", "[\"" + hex::encode_prefixed(account.address) + "\",\"latest\"]"});
  return out;
}

std::vector<std::string> single_bodies(const std::vector<RpcCall>& calls) {
  std::vector<std::string> out;
  for (const RpcCall& call : calls) out.push_back(call_text(call, out.size()));
  return out;
}

// A few batches, each beginning with another account.
std::vector<std::string> batch_bodies(const std::vector<RpcCall>& calls, std::size_t batch) {
  constexpr std::size_t kVariants = 16;
  std::vector<std::string> out;
  for (std::size_t variant = 0; variant < kVariants; ++variant) {
    std::vector<RpcCall> part;
    for (std::size_t i = 0; i < batch; ++i) part.push_back(calls[(variant * 7 + i) % calls.size()]);
    out.push_back(batch_text(part));
  }
  return out;
}

Result<ReadRate> measure_echo(const std::vector<std::string>& bodies, const ReadsOptions& options) {
  AITBC_ASSIGN(const auto server, EchoServer::start(options.echo_threads));
  return measure("bare echo server", {"127.0.0.1", server->port(), "/"}, bodies, 1, options);
}

Result<void> check_options(const ReadsOptions& options) {
  if (options.accounts == 0 || options.connections == 0 || options.batch == 0 || options.seconds == 0 ||
      options.echo_threads == 0)
    return fail(ErrorCode::invalid_input, "accounts, connections, batch, seconds and threads are at least 1");
  return {};
}

}  // namespace

Result<std::vector<ReadRate>> run_reads(const ReadsOptions& options) {
  AITBC_TRY(check_options(options));
  AITBC_ASSIGN(const Endpoint endpoint, parse_endpoint(options.rpc_url));
  const std::vector<RpcCall> calls = balance_calls(options);
  std::vector<ReadRate> out(3);
  AITBC_ASSIGN(out[0], measure("eth_getBalance in batches", endpoint, batch_bodies(calls, options.batch),
                               options.batch, options));
  AITBC_ASSIGN(out[1], measure("eth_getBalance alone", endpoint, single_bodies(calls), 1, options));
  AITBC_ASSIGN(out[2], measure_echo(single_bodies(calls), options));
  return out;
}

Result<std::vector<ReadRate>> run_rest(const ReadsOptions& options, const std::vector<std::string>& paths) {
  AITBC_TRY(check_options(options));
  AITBC_ASSIGN(const Endpoint endpoint, parse_endpoint(options.rpc_url));
  std::vector<ReadRate> out;
  for (const std::string& path : paths) {
    AITBC_ASSIGN(ReadRate rate, measure_requests(path, endpoint, {make_get_request(endpoint, path)}, 1,
                                                 Refuse::statuses_of_errors, options));
    out.push_back(std::move(rate));
  }
  return out;
}

Result<std::vector<ReadRate>> run_echo(const ReadsOptions& options) {
  AITBC_TRY(check_options(options));
  std::vector<ReadRate> out(1);
  AITBC_ASSIGN(out[0], measure_echo(single_bodies(balance_calls(options)), options));
  return out;
}

}  // namespace aitbc::bench
