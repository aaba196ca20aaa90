// aitbc-bench: measures any Ethereum JSON-RPC endpoint from the outside.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>

#include "load/load.hpp"
#include "load/market_load.hpp"
#include "load/reads.hpp"
#include "load/subscribers.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::bench;

int fail_with(const Error& error) {
  std::cerr << "aitbc-bench: " << error.message << "\n";
  return 1;
}

template <class Report>
void print(const Report& report, bool as_json) {
  std::cout << (as_json ? json_of(report) : text_of(report)) << std::flush;
}

int load(const LoadOptions& options, bool as_json) {
  const auto report = run_load(options);
  if (!report) return fail_with(report.error());
  print(*report, as_json);
  return report->complete() ? 0 : 2;
}

int market_load(const LoadOptions& options, bool as_json) {
  const auto report = run_market_load(options);
  if (!report) return fail_with(report.error());
  print(*report, as_json);
  return report->complete() ? 0 : 2;
}

int reads(const Result<std::vector<ReadRate>>& rates, bool as_json) {
  if (!rates) return fail_with(rates.error());
  print(*rates, as_json);
  return 0;
}

int subscribers(const SubscribersOptions& options, bool as_json) {
  const auto report = run_subscribers(options);
  if (!report) return fail_with(report.error());
  print(*report, as_json);
  return report->complete() ? 0 : 2;
}

void add_load_options(CLI::App& app, LoadOptions& options) {
  app.add_option("--rpc-url", options.rpc_url, "The endpoint")->capture_default_str();
  app.add_option("--accounts", options.accounts, "Senders")->capture_default_str();
  app.add_option("--transactions", options.transactions, "Transfers in all")->capture_default_str();
  app.add_option("--connections", options.connections, "Keep-alive connections")->capture_default_str();
  app.add_option("--batch", options.batch, "Transactions in one request")->capture_default_str();
  app.add_option("--rate", options.rate, "Transactions per second, 0: as fast as possible")
      ->capture_default_str();
  app.add_option("--seed", options.seed, "What the senders' keys are made of")->capture_default_str();
  app.add_option("--fund-key", options.fund_key, "Private key that funds the senders; default: a public one");
  app.add_option("--chain-id", options.chain_id, "Refuse an endpoint of any other chain");
  app.add_option("--fee-headroom", options.fee_headroom, "How many times the base fee may grow")
      ->capture_default_str();
  app.add_option("--timeout", options.timeout_s, "Seconds to wait for an HTTP answer")->capture_default_str();
  app.add_option("--stall-timeout", options.stall_s, "Seconds without progress before giving up")
      ->capture_default_str();
}

void add_read_options(CLI::App& app, ReadsOptions& options) {
  app.add_option("--accounts", options.accounts, "Accounts to ask for")->capture_default_str();
  app.add_option("--connections", options.connections, "Keep-alive connections")->capture_default_str();
  app.add_option("--seconds", options.seconds, "Length of each measurement")->capture_default_str();
  app.add_option("--echo-threads", options.echo_threads, "Threads of the echo server")->capture_default_str();
  app.add_option("--timeout", options.timeout_s, "Seconds to wait for an HTTP answer")->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a lost connection is an error of its own
  LoadOptions load_options;
  ReadsOptions read_options;
  bool as_json = false;
  CLI::App app(
      "Sends signed transfers to an Ethereum JSON-RPC endpoint and measures acceptance and inclusion.\n"
      "Exit status: 0 when everything was included exactly once, 2 when not, 1 on errors.");
  app.fallthrough(false);
  app.add_flag("--json", as_json, "Print the results as JSON");
  add_load_options(app, load_options);
  CLI::App* market_command =
      app.add_subcommand("market", "Measures transfers, then a mix of bookings, bids, releases and reviews");
  add_load_options(*market_command, load_options);
  market_command->add_flag("--json", as_json, "Print the results as JSON");
  CLI::App* reads_command = app.add_subcommand("reads", "Measures eth_getBalance in batches and alone");
  reads_command->add_option("--rpc-url", read_options.rpc_url, "The endpoint")->capture_default_str();
  reads_command->add_option("--batch", read_options.batch, "Calls in one request")->capture_default_str();
  add_read_options(*reads_command, read_options);
  reads_command->add_flag("--json", as_json, "Print the results as JSON");
  std::vector<std::string> paths;
  CLI::App* rest_command = app.add_subcommand("rest", "Measures GETs of REST paths");
  rest_command->add_option("paths", paths, "Paths with their queries")->required();
  rest_command->add_option("--rpc-url", read_options.rpc_url, "The endpoint")->capture_default_str();
  add_read_options(*rest_command, read_options);
  rest_command->add_flag("--json", as_json, "Print the results as JSON");
  SubscribersOptions subscriber_options;
  CLI::App* subscribers_command = app.add_subcommand(
      "subscribers",
      "Measures how soon many WebSocket subscribers hear of new heads.\n"
      "Delays count from the commit when the node's log is given, in which the line \"block "
      "committed\" has the time of each,\notherwise from the first subscriber that hears of "
      "the head. Give the chain something to do meanwhile, or there are no heads.\n"
      "Exit status: 0 when every subscriber heard of every head, 2 when not, 1 on errors.");
  subscribers_command->add_option("--rpc-url", subscriber_options.rpc_url, "The endpoint")
      ->capture_default_str();
  subscribers_command->add_option("--subscribers", subscriber_options.subscribers, "How many")
      ->capture_default_str();
  subscribers_command->add_option("--seconds", subscriber_options.seconds, "How long")->capture_default_str();
  subscribers_command->add_option("--node-log", subscriber_options.node_log,
                                  "What a node on this machine writes with --log-format json");
  subscribers_command->add_flag("--json", as_json, "Print the results as JSON");
  CLI::App* echo_command =
      app.add_subcommand("echo", "Measures a bare HTTP echo server on the loopback interface");
  add_read_options(*echo_command, read_options);
  echo_command->add_flag("--json", as_json, "Print the results as JSON");
  app.require_subcommand(0, 1);
  CLI11_PARSE(app, argc, argv);
  if (*market_command) return market_load(load_options, as_json);
  if (*reads_command) return reads(run_reads(read_options), as_json);
  if (*rest_command) return reads(run_rest(read_options, paths), as_json);
  if (*subscribers_command) return subscribers(subscriber_options, as_json);
  if (*echo_command) return reads(run_echo(read_options), as_json);
  return load(load_options, as_json);
}
