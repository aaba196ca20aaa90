#include "node/consensus_driver.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_timer.hpp>
#include <map>

#include "execution/module.hpp"
#include "node/telemetry/log.hpp"

namespace aitbc {
namespace {

namespace asio = boost::asio;
using namespace consensus;

constexpr std::string_view kRecordKey = "record";

TimePoint wall_clock() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

Seconds to_seconds(TimePoint time) {
  return static_cast<Seconds>(
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

}  // namespace

struct ConsensusDriver::Impl : std::enable_shared_from_this<ConsensusDriver::Impl> {
  explicit Impl(ConsensusDriverParts the_parts) : parts(std::move(the_parts)), deadline(parts.net) {}

  ConsensusDriverParts parts;
  std::map<std::uint64_t, asio::system_timer> timers;
  asio::system_timer deadline;  // wakes the engine when a module has end-of-block work
  std::atomic<bool> work_posted{false};
  std::atomic<bool> failed{false};

  void fatal(const Error& error) {
    if (!failed.exchange(true)) parts.on_fatal(error);
  }

  void post(Event event) {
    asio::post(parts.net, [self = shared_from_this(), event = std::move(event)] { self->feed(event); });
  }

  // ---- net thread

  void feed(const Event& event) {
    if (failed) return;
    for (Action& action : parts.engine.on(event, wall_clock())) {
      if (failed) return;  // nothing after a record that could not be written
      std::visit([this](auto& each) { perform(each); }, action);
    }
  }

  void perform(SetTimer& action) {
    auto [timer, inserted] = timers.try_emplace(action.timer, parts.net);
    timer->second.expires_at(action.at);
    timer->second.async_wait(
        [self = shared_from_this(), number = action.timer](boost::system::error_code error) {
          if (!error) self->feed(TimerFired{number});
        });
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
    asio::post(parts.chain, [self = shared_from_this(), action = std::move(action)] { self->build(action); });
  }
  void perform(CheckBlock& action) {
    asio::post(parts.chain, [self = shared_from_this(), action = std::move(action)] { self->check(action); });
  }
  void perform(CommitBlock& action) {
    asio::post(parts.chain,
               [self = shared_from_this(), action = std::move(action)] { self->commit(action); });
  }

  // ---- chain thread

  void build(const BuildBlock& action) {
    const chain::ChainViewPtr view = parts.blocks.view();
    const auto candidates =
        parts.mempool.select(view->next_base_fee, view->head.gas_limit, parts.blocks.max_block_bytes());
    auto block =
        parts.blocks.build({action.number, action.timestamp, action.coinbase, action.extra_data}, candidates);
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
    const auto committed = parts.blocks.commit(action.block, action.commit_proof, &parts.mempool);
    if (!committed) return fatal(committed.error());
    post(HeadChanged{action.block.header});
    if (parts.mempool.status().pending > 0) post(WorkPending{});
    arm_deadline();
  }

  // The earliest end-of-block work wakes the engine as a pending transaction would.
  void arm_deadline() {
    const chain::ChainViewPtr view = parts.blocks.view();
    std::optional<Seconds> earliest;
    for (const Module* module : parts.blocks.modules()) {
      const auto next = module->next_deadline(*view->state);
      if (next && (!earliest || *next < *earliest)) earliest = next;
    }
    asio::post(parts.net, [self = shared_from_this(), earliest] { self->set_deadline(earliest); });
  }

  void set_deadline(std::optional<Seconds> earliest) {
    deadline.cancel();
    if (!earliest) return;
    const TimePoint now = wall_clock();
    if (*earliest <= to_seconds(now)) return feed(WorkPending{});
    deadline.expires_at(std::chrono::system_clock::time_point(std::chrono::seconds(*earliest)));
    deadline.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error) self->feed(WorkPending{});
    });
  }
};

ConsensusDriver::ConsensusDriver(ConsensusDriverParts parts)
    : impl_(std::make_shared<Impl>(std::move(parts))) {}
ConsensusDriver::~ConsensusDriver() = default;

void ConsensusDriver::start() {
  impl_->post(Started{});
  impl_->post(HeadChanged{impl_->parts.blocks.view()->head});
  if (impl_->parts.mempool.status().pending > 0) work_pending();
  asio::post(impl_->parts.chain, [impl = impl_] { impl->arm_deadline(); });
}

void ConsensusDriver::deliver(Event event) { impl_->post(std::move(event)); }

void ConsensusDriver::work_pending() {
  if (impl_->work_posted.exchange(true)) return;
  asio::post(impl_->parts.net, [impl = impl_] {
    impl->work_posted = false;
    impl->feed(WorkPending{});
  });
}

Result<std::optional<Bytes>> read_consensus_record(const Store& store) {
  return store.get(Table::consensus, as_bytes(kRecordKey));
}

}  // namespace aitbc
