#include "node/sync_service.hpp"

#include <unistd.h>

#include <optional>

#include "node/progress.hpp"
#include "node/sync/snapshot_server.hpp"

namespace aitbc {
namespace {

// At most.
constexpr Duration kWaitAtStart{10'000};
constexpr Duration kReportInterval{1000};

// A validator among others first learns where they are, or it would vote where they voted already; one alone
// has nobody to ask.
sync::BlockSyncOptions options_of(const SyncParts& parts) {
  sync::BlockSyncOptions options;
  const auto validators = parts.opened.engine->validators_after(parts.opened.chain->view()->head);
  if (parts.opened.validator_key && validators && validators->size() > 1)
    options.wait_at_start = kWaitAtStart;
  return options;
}

}  // namespace

struct SyncService::Impl {
  explicit Impl(SyncParts the_parts)
      : parts(std::move(the_parts)),
        blocks({parts.runtime, parts.network, *parts.opened.chain, *parts.opened.engine, parts.recovery,
                &parts.mempool,
                [&driver = parts.driver](const Block& block, ByteView proof, Durability durability) {
                  return driver.commit_synced(block, proof, durability);
                },
                [&driver = parts.driver](bool syncing) { driver.deliver(consensus::Syncing{syncing}); },
                [&engine = *parts.opened.engine] { return engine.status().is_validator; }, parts.on_fatal},
               options_of(parts)),
        snapshots(std::make_shared<sync::SnapshotServer>(parts.runtime, parts.network, *parts.opened.chain,
                                                         sync::SnapshotServerOptions{})) {
    parts.network.add_listener(*snapshots);
  }

  SyncParts parts;
  sync::BlockSync blocks;
  std::shared_ptr<sync::SnapshotServer> snapshots;
  std::unique_ptr<Runtime::Timer> timer;
  std::optional<ProgressLine> line;  // on a terminal, while the node catches up; the log has it in any case

  // On the net executor, every second.
  void report() {
    timer = parts.runtime.set_timer(parts.runtime.now() + kReportInterval, [this] { report(); });
    const sync::SyncStatus is = blocks.status();
    parts.metrics.sync({is.syncing, is.highest, is.blocks, is.served, is.rejected_peers});
    if (!is.syncing || isatty(STDERR_FILENO) == 0) return line.reset();
    if (!line) line.emplace("syncing");
    if (is.highest > is.start)
      line->update(is.head - is.start, is.highest - is.start,
                   "height " + std::to_string(is.head) + " of " + std::to_string(is.highest));
  }
};

SyncService::SyncService(SyncParts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}
SyncService::~SyncService() = default;

void SyncService::start() {
  impl_->parts.runtime.post_net([impl = impl_.get()] {
    impl->blocks.start();
    impl->report();
  });
}

void SyncService::on_head(const chain::ChainViewPtr& view) { impl_->snapshots->on_head(view); }

sync::SyncStatus SyncService::status() const { return impl_->blocks.status(); }

}  // namespace aitbc
