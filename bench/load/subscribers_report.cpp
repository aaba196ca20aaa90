#include <fmt/format.h>

#include <algorithm>

#include "load/subscribers.hpp"

namespace aitbc::bench {

Result<SubscribersReport> evaluate(const Arrivals& arrivals, std::size_t subscribers,
                                   const CommitTimes* commits) {
  SubscribersReport report{subscribers, arrivals.size(), 0, commits != nullptr, {}};
  std::vector<double> delays;
  for (const auto& [height, times] : arrivals) {
    WallClock::time_point begin = *std::min_element(times.begin(), times.end());
    if (commits != nullptr) {
      const auto commit = commits->find(height);
      if (commit == commits->end())
        return fail(ErrorCode::not_found, fmt::format("the log does not tell of block {}", height));
      begin = commit->second;
    }
    report.notifications += times.size();
    for (const WallClock::time_point time : times)
      delays.push_back(std::chrono::duration<double, std::milli>(time - begin).count());
  }
  report.delay = percentiles(std::move(delays));
  return report;
}

std::string text_of(const SubscribersReport& report) {
  return fmt::format(
      "{} subscribers, {} heads, {} of {} notifications; {}: p50 {:.1f} ms, p90 {:.1f} ms, p99 {:.1f} ms, "
      "worst {:.1f} ms\n",
      report.subscribers, report.heads, report.notifications, report.heads * report.subscribers,
      report.from_commit ? "after the commit" : "behind the first", report.delay.p50_ms, report.delay.p90_ms,
      report.delay.p99_ms, report.delay.max_ms);
}

std::string json_of(const SubscribersReport& report) {
  return fmt::format(
      R"({{"subscribers":{},"heads":{},"notifications":{},"from_commit":{},"delay_p50_ms":{},"delay_p90_ms":{},"delay_p99_ms":{},"delay_max_ms":{}}})"
      "\n",
      report.subscribers, report.heads, report.notifications, report.from_commit, report.delay.p50_ms,
      report.delay.p90_ms, report.delay.p99_ms, report.delay.max_ms);
}

}  // namespace aitbc::bench
