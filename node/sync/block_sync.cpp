#include "node/sync/block_sync.hpp"

#include <algorithm>
#include <mutex>
#include <set>

#include "node/sync/block_import.hpp"
#include "node/sync/block_server.hpp"
#include "node/telemetry/log.hpp"

namespace aitbc::sync {
namespace {

constexpr std::size_t kRunsHandedOver = 3;  // to the chain executor at a time
// Nothing came for so long: whoever claimed more blocks does not have them, or nobody is there.
constexpr Duration kGiveUp{6000};
constexpr Duration kReportInterval{5000};

}  // namespace

struct BlockSync::Impl final : p2p::NetworkListener, std::enable_shared_from_this<BlockSync::Impl> {
  Impl(BlockSyncParts the_parts, const BlockSyncOptions& the_options)
      : parts(std::move(the_parts)),
        options(the_options),
        download(the_options.download),
        server(std::make_shared<BlockServer>(parts.runtime, parts.network, parts.chain,
                                             the_options.max_answer_bytes)),
        import(parts.chain,
               chain::BlockPipeline(parts.chain, parts.engine, parts.recovery, parts.pool, parts.commit)) {}

  BlockSyncParts parts;
  BlockSyncOptions options;

  // ---- net executor
  BlockDownload download;
  std::set<p2p::PeerId> shunned;  // sent bad blocks over a connection that still stands
  std::shared_ptr<BlockServer> server;
  std::size_t handed_over = 0;   // runs that the chain executor has not used up
  std::uint64_t generation = 0;  // of runs: failures make a new one
  Height seen_head = 0;
  std::optional<TimePoint> behind_since;  // somebody claims a block above the present head
  TimePoint last_progress{};
  std::optional<TimePoint> waits_until;  // at the start
  bool syncing = false;
  TimePoint report_at{};
  std::uint64_t blocks_at_report = 0;
  std::unique_ptr<Runtime::Timer> timer;

  // ---- chain executor
  BlockImport import;
  bool working = false;
  std::uint64_t import_generation = 0;

  mutable std::mutex status_mutex;
  SyncStatus status;

  Height own_head() const { return parts.chain.view()->head.number; }

  template <class Change>
  void update_status(const Change& change) {
    const std::lock_guard lock(status_mutex);
    change(status);
  }

  // ---- net executor: the network

  void on_connected(const p2p::Peer& peer) override {
    download.set_head(peer.id, peer.head.number);
    tick();
  }
  void on_disconnected(p2p::PeerId peer) override {
    download.remove(peer);
    shunned.erase(peer);
    server->forget(peer);
    tick();
  }
  void on_message(p2p::PeerId peer, const p2p::Message& message, const p2p::Hold& hold) override {
    if (const auto* head = std::get_if<p2p::NewHead>(&message)) {
      if (!shunned.contains(peer)) download.set_head(peer, head->head.number);
      tick();
    } else if (const auto* request = std::get_if<p2p::GetBlocks>(&message)) {
      server->serve(peer, *request, hold);
    } else if (const auto* blocks = std::get_if<p2p::Blocks>(&message)) {
      receive(peer, *blocks);
      tick();
    }
  }

  void receive(p2p::PeerId peer, const p2p::Blocks& answer) {
    switch (download.receive(peer, answer.request, answer.blocks, parts.runtime.now())) {
      case BlockDownload::Answer::taken:
        return;
      case BlockDownload::Answer::stale:
      case BlockDownload::Answer::nothing:
        return parts.network.punish(peer, p2p::Offence::nuisance, "blocks that were not asked for, or none");
      case BlockDownload::Answer::wrong:
        return parts.network.punish(peer, p2p::Offence::violation, "more blocks than were asked for");
    }
  }

  // ---- net executor: what to do next

  void tick() {
    const TimePoint now = parts.runtime.now();
    note_head(now);
    hand_over();
    if (may_ask(now)) ask(now);
    judge(now);
    report(now);
    arm(now);
  }

  void note_head(TimePoint now) {
    const Height head = own_head();
    if (head != seen_head || download.highest() <= head) behind_since.reset();
    if (head != seen_head) download.set_own_head(head);
    seen_head = head;
    if (download.highest() > head && !behind_since) behind_since = now;
  }

  // A validator that is a little behind usually has all it needs to commit those blocks itself.
  bool may_ask(TimePoint now) const {
    const Height highest = download.highest();
    if (highest <= seen_head) return false;
    return syncing || highest >= seen_head + options.far_behind || !parts.is_validator() ||
           now >= *behind_since + options.patience;
  }

  void ask(TimePoint now) {
    std::vector<p2p::PeerId> overdue;
    for (const BlockDownload::Request& request : download.plan(now, overdue))
      parts.network.send(request.peer,
                         p2p::make_frame(p2p::GetBlocks{request.number, request.from, request.count}));
    for (const p2p::PeerId peer : overdue)
      parts.network.punish(peer, p2p::Offence::nuisance, "claims blocks that it does not send");
  }

  void hand_over() {
    while (handed_over < kRunsHandedOver) {
      auto run = download.take();
      if (!run) return;
      ++handed_over;
      parts.runtime.post_chain([self = shared_from_this(), generation = generation,
                                run = std::move(*run)]() mutable { self->add(generation, std::move(run)); });
    }
  }

  void set_syncing(bool now_syncing) {
    if (syncing == now_syncing) return;
    syncing = now_syncing;
    report_at = parts.runtime.now() + kReportInterval;
    blocks_at_report = copy_status().blocks;
    update_status([&](SyncStatus& is) {
      if (syncing) is.start = seen_head;
      is.syncing = syncing;
    });
    parts.set_syncing(syncing);
  }

  // Whether to go on, or at the start to wait, in silence.
  void judge(TimePoint now) {
    if (!syncing || handed_over > 0) return;
    const bool is_level = download.has_peers() && download.highest() <= seen_head;
    const bool is_over = waits_until ? now >= *waits_until : now >= last_progress + kGiveUp;
    if (!is_level && !is_over) return;
    waits_until.reset();
    set_syncing(false);
  }

  void report(TimePoint now) {
    const Height highest = std::max(download.highest(), seen_head);
    update_status([&](SyncStatus& is) {
      is.head = seen_head;
      is.highest = highest;
      is.served = server->blocks_served();
    });
    if (!syncing || now < report_at) return;
    const SyncStatus is = copy_status();
    const auto elapsed = std::chrono::duration<double>(now - (report_at - kReportInterval)).count();
    const double rate = static_cast<double>(is.blocks - blocks_at_report) / std::max(elapsed, 0.001);
    update_status([&](SyncStatus& to) { to.blocks_per_second = rate; });
    const auto left = static_cast<double>(highest - seen_head);
    log::info(
        "sync", "catching up",
        {{"height", std::to_string(seen_head)},
         {"highest", std::to_string(highest)},
         {"blocks_per_second", std::to_string(static_cast<std::uint64_t>(rate))},
         {"eta_seconds", rate > 0 ? std::to_string(static_cast<std::uint64_t>(left / rate)) : "unknown"}});
    report_at = now + kReportInterval;
    blocks_at_report = is.blocks;
  }

  void arm(TimePoint now) {
    std::optional<TimePoint> next = download.next_deadline();
    const auto note = [&](TimePoint time) {
      if (time > now && (!next || time < *next)) next = time;
    };
    if (behind_since) note(*behind_since + options.patience);
    if (syncing) note(now + std::chrono::seconds(1));
    timer = next ? parts.runtime.set_timer(std::max(*next, now + Duration(10)),
                                           [weak = weak_from_this()] {
                                             if (const auto self = weak.lock()) self->tick();
                                           })
                 : nullptr;
  }

  // ---- net executor: what the chain executor says

  void imported(std::uint64_t of_generation, const BlockImport::Progress& progress, std::uint64_t ahead) {
    last_progress = parts.runtime.now();
    update_status([&](SyncStatus& is) { is.blocks += progress.blocks; });
    if (of_generation == generation) handed_over -= std::min(handed_over, progress.runs);
    if (ahead >= options.far_behind) set_syncing(true);
    if (progress.blocks > 0 || progress.runs > 0) waits_until.reset();
    if (progress.failure && of_generation == generation) fall_back(*progress.failure);
    tick();
  }

  void fall_back(const BlockImport::Failure& failure) {
    ++generation;
    handed_over = 0;
    download.restart_at(own_head() + 1);
    if (failure.error.code != ErrorCode::invalid_block) return;
    log::warning("sync", "a peer sent a bad block",
                 {{"height", std::to_string(failure.height)}, {"reason", failure.error.message}});
    update_status([](SyncStatus& is) { ++is.rejected_peers; });
    download.remove(failure.peer);
    shunned.insert(failure.peer);
    parts.network.punish(failure.peer, p2p::Offence::forgery, "a bad block: " + failure.error.message);
  }

  SyncStatus copy_status() const {
    const std::lock_guard lock(status_mutex);
    return status;
  }

  // ---- chain executor

  void add(std::uint64_t of_generation, BlockDownload::Run run) {
    import_generation = of_generation;
    import.add(std::move(run));
    if (!std::exchange(working, true)) work();
  }

  void work() {
    const BlockImport::Progress progress = import.step();
    if (progress.failure && is_local_failure(progress.failure->error))
      return parts.on_fatal(progress.failure->error);
    parts.runtime.post_net(
        [self = shared_from_this(), generation = import_generation, progress,
         ahead = import.verified_ahead() + progress.blocks] { self->imported(generation, progress, ahead); });
    working = !import.is_idle();
    if (working) parts.runtime.post_chain([self = shared_from_this()] { self->work(); });
  }
};

BlockSync::BlockSync(BlockSyncParts parts, const BlockSyncOptions& options)
    : impl_(std::make_shared<Impl>(std::move(parts), options)) {
  impl_->parts.network.add_listener(*impl_);
}
BlockSync::~BlockSync() = default;

void BlockSync::start() {
  Impl& impl = *impl_;
  if (impl.options.wait_at_start > Duration(0)) {
    impl.waits_until = impl.parts.runtime.now() + impl.options.wait_at_start;
    impl.set_syncing(true);
  }
  impl.tick();
}

SyncStatus BlockSync::status() const { return impl_->copy_status(); }

}  // namespace aitbc::sync
