// db check, export, import: work on a database that no node has open.
#include <chrono>
#include <cstdio>
#include <thread>

#include "node/chain/database_check.hpp"
#include "node/chain/importer.hpp"
#include "node/commands/commands.hpp"
#include "node/opened_chain.hpp"
#include "node/progress.hpp"
#include "storage/rocks_store.hpp"

namespace aitbc::commands {
namespace {

using Clock = std::chrono::steady_clock;

struct Stopwatch {
  Clock::time_point start = Clock::now();
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start).count(); }
};

// Follows a transfer: shows height and rate, and stops it on a signal.
class TransferWatch {
 public:
  explicit TransferWatch(const char* what, std::uint64_t total_blocks = 0)
      : line_(what), total_blocks_(total_blocks) {}

  bool operator()(const chain::TransferProgress& progress) {
    const double seconds = watch_.seconds();
    const double rate = seconds > 0 ? static_cast<double>(progress.transactions) / seconds : 0;
    char detail[96];
    std::snprintf(detail, sizeof detail, "block %llu, %.0f transactions/s",
                  static_cast<unsigned long long>(progress.height), rate);
    if (total_blocks_ > 0)
      line_.update(progress.blocks, total_blocks_, detail);
    else
      line_.update(progress.bytes, progress.total_bytes, detail);
    return !signals_.stopped();
  }
  bool stopped() const { return signals_.stopped(); }
  double seconds() const { return watch_.seconds(); }

 private:
  StopSignals signals_;
  ProgressLine line_;
  Stopwatch watch_;
  std::uint64_t total_blocks_;
};

void print_transfer(const char* verb, const chain::TransferProgress& done, double seconds) {
  std::printf("%s %llu blocks with %llu transactions in %.2f s (%.0f transactions/s); last block %llu\n",
              verb, static_cast<unsigned long long>(done.blocks),
              static_cast<unsigned long long>(done.transactions), seconds,
              seconds > 0 ? static_cast<double>(done.transactions) / seconds : 0,
              static_cast<unsigned long long>(done.height));
}

}  // namespace

int db_check(const NodeConfig& config) {
  if (!std::filesystem::exists(config.database_path()))
    return report({ErrorCode::invalid_input, "there is no database in " + config.data_dir.string()});
  const auto opened = open_chain(config, OpenMode::follower);
  if (!opened) return report(opened.error());
  std::fprintf(stderr, "checking file checksums ...\n");
  if (auto sound = verify_rocks_checksums(*(*opened)->store); !sound) return report(sound.error());
  const StopSignals signals;
  const Height head = (*opened)->chain->view()->head.number;
  ProgressLine line("checking blocks");
  const auto checked = chain::check_database(*(*opened)->chain, *(*opened)->engine, [&](Height height) {
    line.update(height, head, "block " + std::to_string(height));
    return !signals.stopped();
  });
  if (!checked) {
    const int status = report(checked.error());
    return signals.stopped() ? static_cast<int>(kInterrupted) : status;
  }
  std::printf(
      "ok: %llu blocks, %llu transactions, %llu accounts, %llu storage entries, %llu trie nodes; head %llu\n",
      static_cast<unsigned long long>(checked->blocks),
      static_cast<unsigned long long>(checked->transactions),
      static_cast<unsigned long long>(checked->accounts),
      static_cast<unsigned long long>(checked->storage_entries),
      static_cast<unsigned long long>(checked->trie_nodes), static_cast<unsigned long long>(checked->head));
  return kOk;
}

int export_blocks(const NodeConfig& config, const ExportOptions& options) {
  if (!std::filesystem::exists(config.database_path()))
    return report({ErrorCode::invalid_input, "there is no database in " + config.data_dir.string()});
  const auto opened = open_chain(config, OpenMode::follower);
  if (!opened) return report(opened.error());
  const chain::ChainViewPtr view = (*opened)->chain->view();
  const Height last = options.last.value_or(view->head.number);
  if (options.first < 1 || options.first > last || last > view->head.number)
    return report({ErrorCode::invalid_input,
                   "the chain has blocks 1 to " + std::to_string(view->head.number) + "; asked for " +
                       std::to_string(options.first) + " to " + std::to_string(last)});
  TransferWatch watch("exporting", last - options.first + 1);
  const auto done = chain::export_blocks(*view, (*opened)->chain->genesis_hash(), options.first, last,
                                         options.file, [&](const auto& progress) { return watch(progress); });
  if (!done) {
    const int status = report(done.error());
    return watch.stopped() ? static_cast<int>(kInterrupted) : status;
  }
  print_transfer("exported", *done, watch.seconds());
  return kOk;
}

int import_blocks(const NodeConfig& config, const std::filesystem::path& file) {
  const auto opened = open_chain(config, OpenMode::follower);
  if (!opened) return report(opened.error());
  chain::SenderRecovery recovery(std::max(1U, std::thread::hardware_concurrency()));
  TransferWatch watch("importing");
  const auto done = chain::import_blocks(*(*opened)->chain, *(*opened)->engine, recovery, nullptr, file,
                                         [&](const auto& progress) { return watch(progress); });
  if (!done) return report(done.error());
  print_transfer("imported", *done, watch.seconds());
  return watch.stopped() ? kInterrupted : kOk;
}

}  // namespace aitbc::commands
