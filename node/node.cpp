#include "node/node.hpp"

#include <malloc.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <mutex>
#include <thread>

#include "base/thread.hpp"
#include "codec/hex.hpp"
#include "node/consensus_driver.hpp"
#include "node/control_socket.hpp"
#include "node/market_service.hpp"
#include "node/opened_chain.hpp"
#include "node/peer_service.hpp"
#include "node/rpc_service.hpp"
#include "node/runtime/asio_runtime.hpp"
#include "node/sync_service.hpp"
#include "node/telemetry/log.hpp"
#include "node/telemetry/metrics.hpp"
#include "storage/rocks_store.hpp"

namespace aitbc {
namespace {

namespace asio = boost::asio;

Seconds now_seconds() {
  return static_cast<Seconds>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
}

// The pool's store: a write that fails stops the node, as the chain's do. Without transactions to commit
// nobody else might write for a long time.
class PoolStore final : public Store {
 public:
  using OnFailure = std::function<void(const Error&)>;

  // A database of its own: in the chain's, those who wait for an acknowledgement would wait for the block
  // that is being written. Its parts are small, for what the pool holds is in memory, too.
  static Result<std::unique_ptr<PoolStore>> open(const std::filesystem::path& folder, OnFailure on_failure) {
    RocksOptions options;
    options.block_cache_bytes = 2U << 20;
    options.write_buffer_bytes = 8U << 20;
    options.total_write_buffer_bytes = 16U << 20;
    options.background_threads = 1;
    AITBC_ASSIGN(auto store, open_rocks_store(folder, options));
    return std::make_unique<PoolStore>(std::move(store), std::move(on_failure));
  }
  PoolStore(std::unique_ptr<Store> store, OnFailure on_failure)
      : store_(std::move(store)), on_failure_(std::move(on_failure)) {}

  std::shared_ptr<const Snapshot> snapshot() const override { return store_->snapshot(); }
  Result<std::optional<Bytes>> get(Table table, ByteView key) const override {
    return store_->get(table, key);
  }
  Result<void> write(const WriteBatch& batch, Durability durability) override {
    auto written = store_->write(batch, durability);
    if (!written) on_failure_(written.error());
    return written;
  }

 private:
  std::unique_ptr<Store> store_;
  OnFailure on_failure_;
};

}  // namespace

struct Node::Impl {
  NodeConfig config;
  Metrics metrics;
  std::unique_ptr<OpenedChain> opened;
  std::unique_ptr<PoolStore> pool_store;
  std::unique_ptr<Mempool> mempool;
  std::unique_ptr<chain::SenderRecovery> recovery;
  asio::io_context net;
  asio::io_context chain_thread;
  AsioRuntime runtime{net, chain_thread, std::max(1U, std::thread::hardware_concurrency())};
  std::unique_ptr<PeerService> peers;
  std::unique_ptr<ConsensusDriver> driver;
  std::unique_ptr<SyncService> sync;
  std::unique_ptr<MarketService> market;  // when there is an RPC to ask it
  std::unique_ptr<RpcService> rpc;
  std::unique_ptr<ControlSocket> control;  // null when its path is too long for a socket

  std::unique_ptr<Runtime::Timer> consensus_timer;

  std::mutex failure_mutex;
  std::optional<Error> failure;

  // Thread-safe: the node stops with this error.
  void fail_with(const Error& error) {
    {
      const std::lock_guard lock(failure_mutex);
      if (failure) return;
      failure = error;
    }
    log::error("node", "stopping: " + error.message);
    net.stop();
  }

  void committed(const chain::HeadEvent& event) {
    const CommittedBlock block{opened->chain->mempool_head(), event.block->transactions,
                               event.outcome->diff.accounts};
    if (auto done = mempool->committed(block, now_seconds()); !done) fail_with(done.error());
    const Header& header = event.view->head;
    const MempoolStatus pool = mempool->status();
    const auto parent = chain::read_header(*event.view->snapshot, header.number - 1);
    const Seconds parent_time = parent && *parent ? (*parent)->timestamp : header.timestamp;
    metrics.block_committed({header.number, event.block->transactions.size(), header.gas_used,
                             static_cast<double>(header.timestamp - parent_time)});
    metrics.mempool(pool.pending, pool.queued, pool.bytes, mempool->evictions());
    log::info("chain", "block committed",
              {{"height", std::to_string(header.number)},
               {"hash", hex::encode_prefixed(event.view->head_hash)},
               {"transactions", std::to_string(event.block->transactions.size())},
               {"gas_used", std::to_string(header.gas_used)},
               {"pool", std::to_string(pool.pending + pool.queued)}});
    peers->on_head(event);
    sync->on_head(event.view);
    if (market) market->on_head(event);
    if (rpc) rpc->on_head(event);
  }

  // The engine's figures can only be read on the net executor, so they are put where scrapes find them.
  void watch_consensus() {
    const qbft::Status is = opened->engine->status();
    metrics.consensus({is.round, is.messages, is.dropped_messages, is.punished_messages, is.equivocations,
                       is.round_changes, is.is_validator});
    consensus_timer =
        runtime.set_timer(runtime.now() + std::chrono::seconds(1), [this] { watch_consensus(); });
  }

  Result<void> open() {
    AITBC_ASSIGN(opened, open_chain(config, OpenMode::validator));
    chain::Chain& chain = *opened->chain;
    const auto on_fatal = [this](const Error& error) { fail_with(error); };
    AITBC_ASSIGN(pool_store, PoolStore::open(config.pool_path(), on_fatal));
    AITBC_ASSIGN(mempool, Mempool::open(*pool_store, chain.rules(), config.mempool, chain.mempool_head(),
                                        now_seconds()));
    recovery = std::make_unique<chain::SenderRecovery>(std::max(1U, std::thread::hardware_concurrency()));
    AITBC_ASSIGN(peers,
                 PeerService::open({config, net, runtime, *opened, *mempool, metrics,
                                    [this](consensus::Event event) { driver->deliver(std::move(event)); }}));
    driver = std::make_unique<ConsensusDriver>(ConsensusDriverParts{
        runtime, *opened->engine, chain, *recovery, *mempool, *opened->store, peers->transport(), on_fatal});
    sync = std::make_unique<SyncService>(SyncParts{config, runtime, peers->network(), *opened, *recovery,
                                                   *mempool, *driver, metrics, on_fatal});
    chain.on_head([this](const chain::HeadEvent& event) { committed(event); });
    if (config.rpc_enabled) {
      AITBC_ASSIGN(market, MarketService::open(config, chain, now_seconds, on_fatal));
      rpc = std::make_unique<RpcService>(
          RpcParts{config, *opened, *mempool, metrics, peers->network(), *sync, market->reader()});
    }
    mempool->on_admitted([this](std::span<const TransactionPtr> admitted) {
      driver->work_pending();
      peers->on_admitted(admitted);
      if (rpc) rpc->on_admitted(admitted);
    });
    return {};
  }

  // "backup FOLDER", from commands of this machine.
  Result<std::string> obey(const std::string& line) const {
    constexpr std::string_view kBackup = "backup ";
    if (!line.starts_with(kBackup)) return fail(ErrorCode::invalid_input, "no such request");
    const std::string folder = line.substr(kBackup.size());
    auto done = checkpoint_rocks_store(*opened->store, folder);
    log::audit({"backup", "operator", folder, {}, done.has_value()});
    if (!done) return fail(std::move(done).error());
    return folder;
  }

  void open_control_socket() {
    auto made =
        ControlSocket::open(config.control_path(), [this](const std::string& line) { return obey(line); });
    if (made)
      control = std::move(*made);
    else
      log::warning("node", "backups need the node to be stopped: " + made.error().message);
  }

  Result<void> run(const std::function<void(const std::string&)>& on_ready) {
    asio::signal_set signals(net, SIGINT, SIGTERM);
    signals.async_wait([this](boost::system::error_code error, int) {
      if (!error) peers->stop([this] { net.stop(); });
    });
    const auto keep_net = asio::make_work_guard(net);
    auto keep_chain = asio::make_work_guard(chain_thread);
    driver->start();
    runtime.post_net([this] { watch_consensus(); });
    sync->start();
    peers->start();
    std::thread chain_runner([this] {
      name_thread("chain");
      chain_thread.run();
    });
    std::string url;
    Result<void> started;
    if (rpc) started = rpc->start();
    if (started) {
      open_control_socket();
      if (rpc) url = rpc->url();
      const Header head = opened->chain->view()->head;
      log::info(
          "node", "started",
          {{"chain_id", std::to_string(opened->chain->rules().chain_id)},
           {"genesis", hex::encode_prefixed(opened->chain->genesis_hash())},
           {"head", std::to_string(head.number)},
           {"validator", opened->validator_key ? hex::checksummed(opened->validator_key->address()) : "none"},
           {"rpc", url.empty() ? "off" : url},
           {"enode", config.p2p.listen.empty() ? "none" : p2p::to_enode(peers->network().address())}});
      on_ready(url);
      net.run();
      log::info("node", "stopping");
    }
    control.reset();
    if (rpc) rpc->stop();
    if (market) market->stop();
    peers->stop();
    keep_chain.reset();
    chain_thread.stop();  // a commit under way finishes; nothing new starts
    chain_runner.join();
    runtime.stop_work();
    if (!started) return started;
    const std::lock_guard lock(failure_mutex);
    if (failure) return fail(*failure);
    return {};
  }
};

Node::Node() : impl_(std::make_unique<Impl>()) {}
Node::~Node() = default;

Result<std::unique_ptr<Node>> Node::open(const NodeConfig& config) {
  // Many threads allocate and free in bursts; two arenas keep the resident size near what is in use.
  mallopt(M_ARENA_MAX, 2);
  std::unique_ptr<Node> node(new Node());
  node->impl_->config = config;
  AITBC_TRY(node->impl_->open());
  return node;
}

Result<void> Node::run(const std::function<void(const std::string& url)>& on_ready) {
  return impl_->run(on_ready);
}

}  // namespace aitbc
