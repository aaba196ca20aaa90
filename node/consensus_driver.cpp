#include "node/consensus_driver.hpp"

#include <atomic>
#include <map>

#include "execution/module.hpp"
#include "node/telemetry/log.hpp"

namespace aitbc {
namespace {

using namespace consensus;

constexpr std::string_view kRecordKey = "record";

Seconds to_seconds(TimePoint time) {
  return static_cast<Seconds>(
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

}  // namespace

struct ConsensusDriver::Impl : std::enable_shared_from_this<ConsensusDriver::Impl> {
  explicit Impl(ConsensusDriverParts the_parts) : parts(std::move(the_parts)) {}

  ConsensusDriverParts parts;
  std::map<std::uint64_t, std::unique_ptr<Runtime::Timer>> timers;
  std::unique_ptr<Runtime::Timer> deadline;  // wakes the engine when a module has end-of-block work
  std::atomic<bool> work_posted{false};
  std::atomic<bool> failed{false};

  void fatal(const Error& error) {
    if (!failed.exchange(true)) parts.on_fatal(error);
  }

  void post(Event event) {
    parts.runtime.post_net([self = shared_from_this(), event = std::move(event)] { self->feed(event); });
  }

  // ---- net executor

  void feed(const Event& event) {
    if (failed) return;
    for (Action& action : parts.engine.on(event, parts.runtime.now())) {
      if (failed) return;  // nothing after a record that could not be written
      std::visit([this](auto& each) { perform(each); }, action);
    }
  }

  void perform(SetTimer& action) {
    timers[action.timer] = parts.runtime.set_timer(
        action.at, [self = shared_from_this(), number = action.timer] { self->feed(TimerFired{number}); });
  }
  void perform(CancelTimer& action) { timers.erase(action.timer); }
  void perform(Broadcast& action) { parts.transport.broadcast(action.message); }
  void perform(Relay& action) { parts.transport.relay(action.from, action.message); }
  void perform(SendTo& action) { parts.transport.send(action.peer, action.message); }
  void perform(PunishPeer& action) { parts.transport.punish(action.peer, action.reason); }

  void perform(Persist& action) {
    WriteBatch batch;
    batch.put(Table::consensus, to_bytes(as_bytes(kRecordKey)), std::move(action.record));
    if (auto written = parts.store.write(batch, Durability::synced); !written) fatal(written.error());
  }

  void perform(BuildBlock& action) {
    parts.runtime.post_chain(
        [self = shared_from_this(), action = std::move(action)] { self->build(action); });
  }
  void perform(CheckBlock& action) {
    parts.runtime.post_chain(
        [self = shared_from_this(), action = std::move(action)] { self->check(action); });
  }
  void perform(CommitBlock& action) {
    parts.runtime.post_chain(
        [self = shared_from_this(), action = std::move(action)] { self->commit(action); });
  }

  // ---- chain executor

  void build(const BuildBlock& action) {
    const chain::ChainViewPtr view = parts.blocks.view();
    const auto candidates = parts.mempool.candidates(view->next_base_fee);
    auto block = parts.blocks.build({action.number, action.timestamp, action.coinbase, action.extra_data},
                                    *candidates);
    if (!block && is_local_failure(block.error())) return fatal(block.error());
    if (!block) log::warning("consensus", "a block could not be built: " + block.error().message);
    post(BlockBuilt{action.request, block ? std::optional(std::move(*block)) : std::nullopt});
  }

  void check(const CheckBlock& action) {
    auto block = parts.recovery.recover(action.block, &parts.mempool).get();
    if (block) {
      const auto checked = parts.blocks.check(*block);
      if (!checked) block = fail(checked.error());
    }
    if (!block && is_local_failure(block.error())) return fatal(block.error());
    post(BlockChecked{action.request, std::move(block)});
  }

  // The engine commits only what a quorum found valid; if it cannot be applied here, going on would fork.
  void commit(const CommitBlock& action) {
    if (const auto committed = commit_final(action.block, action.commit_proof, Durability::synced);
        !committed)
      fatal(committed.error());
  }

  // Sync may bring a block just before the engine commits it, and the other way round.
  Result<void> commit_final(const Block& block, ByteView commit_proof, Durability durability) {
    const chain::ChainViewPtr before = parts.blocks.view();
    if (block.header.number <= before->head.number) {
      AITBC_ASSIGN(const auto known, chain::read_header(*before->snapshot, block.header.number));
      if (!known || header_hash(*known) != header_hash(block.header))
        return fail(ErrorCode::corruption,
                    "two different blocks are final at height " + std::to_string(block.header.number));
      return {};
    }
    AITBC_TRY(parts.blocks.commit(block, commit_proof, durability));
    post(HeadChanged{block.header});
    if (parts.mempool.status().pending > 0) post(WorkPending{});
    arm_deadline();
    return {};
  }

  // The earliest end-of-block work wakes the engine as a pending transaction would.
  void arm_deadline() {
    parts.runtime.post_net([self = shared_from_this(), earliest = parts.blocks.next_deadline()] {
      self->set_deadline(earliest);
    });
  }

  void set_deadline(std::optional<Seconds> earliest) {
    deadline.reset();
    if (!earliest) return;
    if (*earliest <= to_seconds(parts.runtime.now())) return feed(WorkPending{});
    deadline = parts.runtime.set_timer(TimePoint(std::chrono::seconds(*earliest)),
                                       [self = shared_from_this()] { self->feed(WorkPending{}); });
  }
};

ConsensusDriver::ConsensusDriver(ConsensusDriverParts parts)
    : impl_(std::make_shared<Impl>(std::move(parts))) {}
ConsensusDriver::~ConsensusDriver() = default;

void ConsensusDriver::start() {
  impl_->post(Started{});
  impl_->post(HeadChanged{impl_->parts.blocks.view()->head});
  if (impl_->parts.mempool.status().pending > 0) work_pending();
  impl_->parts.runtime.post_chain([impl = impl_] { impl->arm_deadline(); });
}

void ConsensusDriver::deliver(Event event) { impl_->post(std::move(event)); }

void ConsensusDriver::work_pending() {
  if (impl_->work_posted.exchange(true)) return;
  impl_->parts.runtime.post_net([impl = impl_] {
    impl->work_posted = false;
    impl->feed(WorkPending{});
  });
}

Result<void> ConsensusDriver::commit_synced(const Block& block, ByteView commit_proof,
                                            Durability durability) {
  auto committed = impl_->commit_final(block, commit_proof, durability);
  if (!committed && is_local_failure(committed.error())) impl_->fatal(committed.error());
  return committed;
}

Result<std::optional<Bytes>> read_consensus_record(const Store& store) {
  return store.get(Table::consensus, as_bytes(kRecordKey));
}

}  // namespace aitbc
