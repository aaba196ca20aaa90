// ai-metrics: what became of jobs.
#include <algorithm>

#include "codec/hex.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/job_client.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/period.hpp"
#include "wallet/cli/statistics.hpp"

namespace aitbc::cli {
namespace {

struct MetricsOptions {
  std::string agent;
  std::string period = "24h";
};

// Whose jobs count. An agent is a provider (wallet, address, name), or whoever holds bookings made under that
// reference (`aitbc resource allocate`).
class Agent {
 public:
  static Outcome<Agent> find(Context& context, const std::string& text) {
    Agent out;
    if (text.empty()) return out;
    out.is_given_ = true;
    if (const auto account = resolve_account(context, text)) {
      out.providers_.push_back(hex::checksummed(*account));
      return out;
    }
    AITBC_TRY(for_each_item(context, "market_listProviders", {}, [&](const Json& provider) {
      if (provider["name"].text() == text) out.providers_.push_back(provider["account"].text());
      return true;
    }));
    AITBC_TRY(for_each_item(context, "market_listBookings", {}, [&](const Json& booking) {
      if (booking["job"].text() == text) out.bookings_.push_back(booking["id"].text());
      return true;
    }));
    return out;
  }

  bool has(const Json& job) const {
    const auto holds = [](const std::vector<std::string>& list, const std::string& text) {
      return std::find(list.begin(), list.end(), text) != list.end();
    };
    return !is_given_ || holds(providers_, job["provider"].text()) ||
           holds(bookings_, job["targetId"].text());
  }

 private:
  bool is_given_ = false;
  std::vector<std::string> providers_;
  std::vector<std::string> bookings_;
};

struct Tally {
  std::uint64_t submitted = 0;
  std::uint64_t queued = 0;
  std::uint64_t running = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t expired = 0;
  std::uint64_t units = 0;
  Amount paid;
  Samples wait_s;
  Samples run_s;

  void add(const Json& job) {
    ++submitted;
    const std::string state = job["state"].text();
    queued += state == "queued" ? 1 : 0;
    running += state == "running" ? 1 : 0;
    completed += state == "completed" ? 1 : 0;
    failed += state == "failed" ? 1 : 0;
    cancelled += state == "canceled" ? 1 : 0;
    expired += state == "expired" ? 1 : 0;
    units += job["result"]["units"].u64().value_or(0);
    paid = checked_add(paid, parse_units(job["paid"].text()).value_or(Amount{})).value_or(paid);
    const std::uint64_t started = job["startedAt"].u64().value_or(0);
    if (started == 0) return;
    wait_s.add(static_cast<double>(started - job["createdAt"].u64().value_or(started)));
    if (state == "completed")
      run_s.add(static_cast<double>(job["closedAt"].u64().value_or(started) - started));
  }
};

Outcome<void> show_metrics(Context& context, const MetricsOptions& options) {
  AITBC_ASSIGN(const TimeRange range, range_of(context, options.period));
  AITBC_ASSIGN(const Agent agent, Agent::find(context, options.agent));
  Tally tally;
  // Ids ascend with time, so the newest come first and the first old one ends the walk.
  JsonObject filters;
  filters.boolean("newestFirst", true);
  AITBC_TRY(for_each_item(context, "market_listJobs", filters, [&](const Json& job) {
    if (job["createdAt"].u64().value_or(0) < range.from) return false;
    if (agent.has(job)) tally.add(job);
    return true;
  }));
  Record record{{{"agent_id", "Agent"}, text_cell(options.agent.empty() ? "all" : options.agent)},
                {{"period", "Jobs submitted in the last"}, text_cell(options.period)},
                {{"submitted", "Submitted"}, number_cell(tally.submitted)},
                {{"queued", "Queued"}, number_cell(tally.queued)},
                {{"running", "Running"}, number_cell(tally.running)},
                {{"completed", "Completed"}, number_cell(tally.completed)},
                {{"failed", "Failed"}, number_cell(tally.failed)},
                {{"cancelled", "Cancelled"}, number_cell(tally.cancelled)},
                {{"expired", "Expired"}, number_cell(tally.expired)},
                {{"units", "Units of work"}, number_cell(tally.units)},
                {{"paid", "Paid to providers"}, ait_cell(tally.paid)}};
  record.push_back({{"wait_seconds_median", "Median wait (s)"}, tally.wait_s.cell(50)});
  record.push_back({{"run_seconds_median", "Median run (s)"}, tally.run_s.cell(50)});
  record.push_back({{"run_seconds_p95", "95th percentile of runs (s)"}, tally.run_s.cell(95)});
  context.output().record(record);
  return {};
}

}  // namespace

void add_job_metrics(CLI::App& root, Context& context) {
  add_command<MetricsOptions>(
      root, context, "ai-metrics", "Show what became of jobs: how many, how long, what was paid",
      [](CLI::App& command, MetricsOptions& options) {
        command.add_option("--agent-id", options.agent,
                           "Only of this provider (wallet, address or name) or allocation (default: all)");
        command.add_option("--period", options.period, "Jobs submitted in the last 5m, 24h, 7d, ...")
            ->capture_default_str();
      },
      show_metrics);
}

}  // namespace aitbc::cli
