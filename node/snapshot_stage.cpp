#include "node/snapshot_stage.hpp"

#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <optional>

#include "marketplace/marketplace.hpp"
#include "node/data_directory.hpp"
#include "node/opened_chain.hpp"
#include "node/peer_service.hpp"
#include "node/progress.hpp"
#include "node/runtime/asio_runtime.hpp"
#include "node/snapshot_rpc.hpp"
#include "node/sync/snapshot_progress.hpp"
#include "node/sync/snapshot_sync.hpp"
#include "node/telemetry/log.hpp"
#include "storage/rocks_store.hpp"

namespace aitbc {
namespace {

namespace asio = boost::asio;

constexpr Duration kReportInterval{1000};
constexpr int kSecondsPerLogLine = 5;

class SnapshotStage {
 public:
  SnapshotStage(const NodeConfig& config, const genesis::Genesis& genesis, Store& store)
      : config_(config), genesis_(genesis), store_(store) {}

  Result<void> run() {
    const std::unique_ptr<Module> marketplace = make_marketplace();
    const Module* const modules[] = {marketplace.get()};
    AITBC_ASSIGN(first_block_, genesis::build_genesis(genesis_, modules));
    AITBC_ASSIGN(engine_,
                 qbft::make_engine(engine_config(genesis_.qbft), qbft::secp256k1_signatures(std::nullopt),
                                   sync::stored_header(store_, first_block_.header), std::nullopt));
    AITBC_ASSIGN(const PrivateKey key, ensure_key_file(config_.data_dir / "node.key"));
    AITBC_ASSIGN(p2p::TlsNetworkOptions options, network_options(config_));
    const p2p::Head head{0, first_block_.hash};
    AITBC_ASSIGN(network_, p2p::TlsNetwork::open({net_, runtime_, metrics_, key, genesis_.rules.chain_id,
                                                  first_block_.hash, [head] { return head; }},
                                                 std::move(options)));
    sync_ = std::make_unique<sync::SnapshotSync>(
        sync::SnapshotSyncParts{runtime_, *network_, store_, genesis_, first_block_, *engine_,
                                [this](Height) { leave(std::nullopt); },
                                [this](const Error& error) { fail_with(error); }},
        sync::SnapshotSyncOptions{});
    if (config_.rpc_enabled) {
      rpc_ = std::make_unique<SnapshotRpc>(
          SnapshotRpcParts{config_, genesis_.rules.chain_id, *network_, metrics_});
      AITBC_TRY(rpc_->start());
    }
    return serve();
  }

 private:
  Result<void> serve() {
    asio::signal_set signals(net_, SIGINT, SIGTERM);
    signals.async_wait([this](boost::system::error_code error, int) {
      if (!error)
        leave(Error{ErrorCode::unavailable, "the snapshot sync was stopped; run the node again to go on"});
    });
    log::info("sync", "fetching a snapshot of the state");
    runtime_.post_net([this] {
      sync_->start();
      report();
    });
    network_->start();
    net_.run();
    if (rpc_) rpc_->stop();
    network_->stop();
    runtime_.stop_work();
    if (failure_) return fail(*failure_);
    return {};
  }

  void fail_with(const Error& failure) {
    failure_ = failure;
    net_.stop();
  }

  // Once the peers have heard it.
  void leave(std::optional<Error> why) {
    failure_ = std::move(why);
    network_->stop([this] { net_.stop(); });
  }

  void report() {
    timer_ = runtime_.set_timer(runtime_.now() + kReportInterval, [this] { report(); });
    const sync::SnapshotStatus is = sync_->status();
    if (rpc_) rpc_->update(is);
    if (is.target == 0) return;
    const std::string what = std::to_string(is.accounts_and_slots) + " accounts and slots, " +
                             std::to_string(is.missing_parts) + " parts missing";
    if (isatty(STDERR_FILENO) != 0) {
      if (!line_) line_.emplace("snapshot");
      line_->update(is.headers, is.target, what);
    } else if (++reports_ % kSecondsPerLogLine == 0) {
      log::info(
          "sync", "fetching a snapshot",
          {{"target", std::to_string(is.target)}, {"headers", std::to_string(is.headers)}, {"state", what}});
    }
  }

  const NodeConfig& config_;
  const genesis::Genesis& genesis_;
  Store& store_;
  Metrics metrics_;
  asio::io_context net_;
  asio::io_context chain_;  // nothing executes blocks here
  AsioRuntime runtime_{net_, chain_, 1};
  genesis::GenesisBlock first_block_;
  std::unique_ptr<qbft::Engine> engine_;
  std::unique_ptr<p2p::TlsNetwork> network_;
  std::unique_ptr<sync::SnapshotSync> sync_;
  std::unique_ptr<SnapshotRpc> rpc_;
  std::unique_ptr<Runtime::Timer> timer_;
  std::optional<ProgressLine> line_;
  int reports_ = 0;
  std::optional<Error> failure_;
};

}  // namespace

Result<void> fetch_snapshot_if_wanted(const NodeConfig& config) {
  const bool is_wanted = config.sync_mode == SyncMode::snapshot;
  if (!is_wanted && !std::filesystem::exists(config.database_path())) return {};
  AITBC_ASSIGN(const genesis::Genesis genesis, read_genesis_file(config.genesis_path()));
  RocksOptions rocks;
  rocks.create_if_missing = true;
  rocks.block_cache_bytes = config.block_cache_mb << 20;
  AITBC_ASSIGN(const std::unique_ptr<Store> store, open_rocks_store(config.database_path(), rocks));
  AITBC_ASSIGN(const bool holds_chain, chain::holds_chain(*store));
  AITBC_ASSIGN(const auto begun, sync::read_progress(*store));
  if (holds_chain || !(is_wanted || begun)) return {};
  return SnapshotStage(config, genesis, *store).run();
}

}  // namespace aitbc
