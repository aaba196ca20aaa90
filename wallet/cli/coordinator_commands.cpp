// coordinator attest: a coordinator's signatures of completed jobs, as files for their providers.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "codec/hex.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/compute_receipt.hpp"
#include "wallet/cli/job_client.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/cli/stop_signals.hpp"
#include "wallet/cli/transaction_view.hpp"

namespace aitbc::cli {
namespace {

constexpr Height kBlocksAtOnce = 1'000;
constexpr std::chrono::milliseconds kPoll{1'000};

struct AttestOptions {
  std::string job;
  std::string folder;
  std::string wallet;
  std::uint64_t from_block = 0;
  double max_units_per_second = 1;
  bool follow = false;
};

class Attester {
 public:
  Attester(Context& context, NodeClient& node, const PrivateKey& key, const AttestOptions& options)
      : context_(context), node_(node), key_(key), options_(options), next_block_(options.from_block) {}

  Outcome<void> prepare() {
    AITBC_ASSIGN(chain_id_, node_.chain_id());
    AITBC_ASSIGN(const std::vector<Address> known, coordinators(node_));
    if (std::find(known.begin(), known.end(), key_.address()) == known.end())
      return failed(Exit::refused, hex::checksummed(key_.address()) +
                                       " is no coordinator of this chain; see: aitbc governance roles");
    std::error_code error;
    std::filesystem::create_directories(options_.folder, error);
    if (error) return failed(Exit::local, "cannot create " + options_.folder + ": " + error.message());
    return {};
  }

  Outcome<void> attest(const std::string& job_id) {
    AITBC_ASSIGN(const Json job, find_job(context_, job_id));
    AITBC_ASSIGN(const ComputeReceipt receipt, receipt_of(job, chain_id_));
    const std::filesystem::path file = std::filesystem::path(options_.folder) / attestation_name(receipt.job);
    if (receipt.is_claimed) return failed(Exit::refused, "the receipt of " + job_id + " was claimed before");
    // A unit of work is a second of the job's run: more of them than seconds are not believed.
    const double most = static_cast<double>(receipt.ran_seconds + 1) * options_.max_units_per_second;
    if (static_cast<double>(receipt.units) > most)
      return failed(Exit::refused,
                    job_id + " reports " + std::to_string(receipt.units) + " units for " +
                        std::to_string(receipt.ran_seconds) +
                        " seconds: look at it, and raise --max-units-per-second if it is right");
    AITBC_TRY(write(file, attestation_json(receipt, key_)));
    context_.output().record({{{"job_id", "Attested"}, text_cell(job_id)},
                              {{"provider", "Provider"}, address_cell(receipt.provider)},
                              {{"units", "Units of work"}, number_cell(receipt.units)},
                              {{"file", "File"}, text_cell(file.string())}});
    return {};
  }

  // Every job that was completed since the last time. Fails when the node is away or the disk full.
  Outcome<void> attest_new() {
    AITBC_ASSIGN(const Height head, node_.head());
    while (next_block_ <= head) {
      const Height last = std::min(head, next_block_ + kBlocksAtOnce - 1);
      AITBC_ASSIGN(const std::vector<std::string> jobs, completed_in(next_block_, last));
      for (const std::string& job : jobs) {
        const auto done = attest(job);
        if (!done && done.error().code != Exit::refused) return done;
        if (!done) context_.note("left out: " + printable(done.error().message));
      }
      next_block_ = last + 1;
    }
    return {};
  }

 private:
  Outcome<std::vector<std::string>> completed_in(Height first, Height last) {
    JsonObject filter;
    filter.text("fromBlock", hex::quantity(first)).text("toBlock", hex::quantity(last));
    filter.text("address", hex::encode_prefixed(market::kContract));
    AITBC_ASSIGN(const Json logs, node_.call("eth_getLogs", json_array({filter.str()})));
    std::vector<std::string> out;
    for (const Json& document : logs.elements()) {
      const auto log = read_log(document);
      if (!log) continue;
      const auto event = market::decode_log(*log);
      if (!event || event->name != "JobClosed") continue;
      const Json arguments = Json::parse(event->arguments_json).value_or(Json());
      if (arguments["state"].text() == "completed") out.push_back(arguments["jobId"].text());
    }
    return out;
  }

  // For others to read, so with the permissions that the process gives; never seen half written.
  static Outcome<void> write(const std::filesystem::path& file, const std::string& content) {
    std::filesystem::path fresh = file;
    fresh += ".new";
    std::ofstream out(fresh, std::ios::trunc);
    out << content << '\n';
    out.close();
    std::error_code error;
    if (out) std::filesystem::rename(fresh, file, error);
    if (!out || error) return failed(Exit::local, "cannot write " + file.string());
    return {};
  }

  Context& context_;
  NodeClient& node_;
  const PrivateKey& key_;
  const AttestOptions& options_;
  Height next_block_;
  std::uint64_t chain_id_ = 0;
};

Outcome<void> follow(Context& context, Attester& attester) {
  const StopSignals signals;
  bool is_away = false;
  for (;;) {
    const auto done = attester.attest_new();
    if (!done && done.error().code != Exit::unreachable) return done;
    if (!done && !is_away) context.note(printable(done.error().message));
    is_away = !done;
    if (signals.wait(kPoll) != StopWish::none) return {};
  }
}

Outcome<void> run_attest(Context& context, const AttestOptions& options) {
  if (!options.job.empty() && options.follow)
    return failed(Exit::usage, "name a job, or give --follow for all that are completed from now on");
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, options.wallet));
  context.options.password.reset();  // not needed again, however long this goes on
  Attester attester(context, *node, key, options);
  AITBC_TRY(attester.prepare());
  if (!options.job.empty()) return attester.attest(options.job);
  return options.follow ? follow(context, attester) : attester.attest_new();
}

}  // namespace

void add_coordinator_commands(CLI::App& root, Context& context) {
  CLI::App* group = add_group(root, "coordinator", "Attesting the work of completed jobs");
  add_command<AttestOptions>(
      *group, context, "attest", "Sign the receipts of completed jobs, into a folder for their providers",
      [](CLI::App& command, AttestOptions& options) {
        command.add_option("job", options.job, "Such as job_5 (default: all that are completed)");
        command.add_option("--wallet", options.wallet, "The coordinator's wallet")->required();
        command
            .add_option("--folder", options.folder,
                        "Where providers, or a web server for them, find job_5.json")
            ->required();
        command
            .add_option("--max-units-per-second", options.max_units_per_second,
                        "Units of work believed for each second that a job ran")
            ->check(CLI::Range(0.001, 1e9))
            ->capture_default_str();
        command.add_option("--from-block", options.from_block, "Where to begin to look")
            ->capture_default_str();
        command.add_flag("--follow", options.follow, "Go on with jobs as they are completed");
      },
      run_attest);
}

}  // namespace aitbc::cli
