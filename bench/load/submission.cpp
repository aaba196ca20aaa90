#include "load/submission.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>

#include "load/block_watch.hpp"
#include "load/scan.hpp"

namespace aitbc::bench {
namespace {

constexpr std::chrono::milliseconds kStallCheck{500};

// One run on one thread: every connection sends its next batch when the last one is answered (and due), one
// more connection watches the blocks.
class Submission {
 public:
  Submission(const Endpoint& endpoint, const Workload& workload, const SubmissionOptions& options,
             HttpLoop& loop)
      : workload_(workload),
        options_(options),
        loop_(loop),
        watch_(loop, endpoint, workload.connections.size(), options.first_block),
        sent_at_(workload.hashes.size()),
        latencies_ms_(workload.hashes.size(), kNotIncluded) {
    index_.reserve(workload.hashes.size());
    for (std::size_t i = 0; i < workload.hashes.size(); ++i) index_.emplace(workload.hashes[i], i);
  }

  Result<SubmissionResult> run() {
    start_ = progress_at_ = Clock::now();
    for (std::size_t c = 0; c < workload_.connections.size(); ++c) send_next(c, 0);
    watch_.start([this](Result<std::string_view> blocks) { on_blocks(std::move(blocks)); });
    check_stall();
    loop_.run();
    if (failure_) return fail(*failure_);
    result_.latency = percentiles(included_latencies());
    return result_;
  }

 private:
  static constexpr double kNotIncluded = -1;

  // When a batch may be sent, so that all connections together keep the rate.
  Clock::time_point due(std::size_t connection, std::size_t number) const {
    if (options_.rate == 0) return start_;
    const auto& batches = workload_.connections[connection];
    const std::size_t before = batches[number].first - batches[0].first;
    const double share =
        static_cast<double>(options_.rate) / static_cast<double>(workload_.connections.size());
    const std::chrono::duration<double> delay(static_cast<double>(before) / share);
    return start_ + std::chrono::duration_cast<Clock::duration>(delay);
  }

  void send_next(std::size_t connection, std::size_t number) {
    if (number == workload_.connections[connection].size()) return;
    const auto time = due(connection, number);
    if (time <= Clock::now()) return send(connection, number);
    loop_.at(time, [this, connection, number] { send(connection, number); });
  }

  void send(std::size_t connection, std::size_t number) {
    const PreparedBatch& batch = workload_.connections[connection][number];
    std::fill_n(sent_at_.begin() + static_cast<std::ptrdiff_t>(batch.first), batch.count, Clock::now());
    loop_.send(connection, batch.request, [this, connection, number](Result<std::string_view> body) {
      if (!body) return give_up(body.error());
      on_answer(workload_.connections[connection][number], *body);
      send_next(connection, number + 1);
    });
  }

  void on_answer(const PreparedBatch& batch, std::string_view body) {
    const auto now = Clock::now();
    const std::size_t accepted = std::min(count_results(body), batch.count);
    if (accepted < batch.count && result_.refused == 0) result_.first_refusal = first_error(body);
    result_.accepted += accepted;
    result_.refused += batch.count - accepted;
    result_.accepting_seconds = seconds_between(start_, now);
    progress_at_ = now;
    stop_when_done();
  }

  void on_blocks(Result<std::string_view> blocks) {
    if (!blocks) return give_up(blocks.error());
    const auto now = Clock::now();
    const std::size_t before = result_.included;
    for_each_hash(*blocks, [&](const Hash& hash) {
      if (const auto found = index_.find(hash); found != index_.end()) include(found->second, now);
    });
    if (result_.included == before) return;
    result_.blocks = watch_.next() - options_.first_block;
    result_.including_seconds = seconds_between(start_, now);
    progress_at_ = now;
    stop_when_done();
  }

  void include(std::size_t index, Clock::time_point now) {
    if (latencies_ms_[index] != kNotIncluded) {
      ++result_.included_twice;
      return;
    }
    latencies_ms_[index] = 1e3 * seconds_between(sent_at_[index], now);
    ++result_.included;
  }

  void stop_when_done() {
    const bool all_answered = result_.accepted + result_.refused == workload_.hashes.size();
    if (all_answered && result_.included >= result_.accepted) loop_.stop();
  }

  void check_stall() {
    if (Clock::now() - progress_at_ > options_.stall) {
      result_.stalled = true;
      return loop_.stop();
    }
    loop_.at(Clock::now() + kStallCheck, [this] { check_stall(); });
  }

  void give_up(const Error& error) {
    failure_ = error;
    loop_.stop();
  }

  std::vector<double> included_latencies() const {
    std::vector<double> out;
    std::copy_if(latencies_ms_.begin(), latencies_ms_.end(), std::back_inserter(out),
                 [](double latency) { return latency != kNotIncluded; });
    return out;
  }

  const Workload& workload_;
  const SubmissionOptions& options_;
  HttpLoop& loop_;
  BlockWatch watch_;
  boost::unordered_flat_map<Hash, std::size_t, FixedBytesHash> index_;
  std::vector<Clock::time_point> sent_at_;
  std::vector<double> latencies_ms_;
  Clock::time_point start_;
  Clock::time_point progress_at_;
  SubmissionResult result_;
  std::optional<Error> failure_;
};

}  // namespace

Result<SubmissionResult> submit(const Endpoint& endpoint, const Workload& workload,
                                const SubmissionOptions& options) {
  AITBC_ASSIGN(const auto loop,
               HttpLoop::connect(endpoint, workload.connections.size() + 1, options.timeout));
  return Submission(endpoint, workload, options, *loop).run();
}

}  // namespace aitbc::bench
