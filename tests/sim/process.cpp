#include "tests/sim/process.hpp"

namespace aitbc::sim {
namespace {

constexpr Height kSnapshotInterval = 16;

}  // namespace

Result<std::unique_ptr<Process>> Process::start(ProcessParts parts) {
  std::unique_ptr<Process> process(new Process(std::move(parts)));
  AITBC_TRY(process->open());
  return process;
}

Process::~Process() { machine_->bury(); }

Seconds Process::now_seconds() const {
  return static_cast<Seconds>(
      std::chrono::duration_cast<std::chrono::seconds>(machine_->now().time_since_epoch()).count());
}

Result<void> Process::open() {
  chain::ChainOptions options;
  options.trie_cache_bytes = 1U << 20;
  options.state_cache_bytes = 256U << 10;
  modules_ = {&parts_.marketplace};
  AITBC_ASSIGN(chain_, chain::Chain::open(*parts_.store, parts_.genesis, modules_, options));
  AITBC_ASSIGN(mempool_,
               Mempool::open(*parts_.store, chain_->rules(), {}, chain_->mempool_head(), now_seconds()));
  recovery_ = std::make_unique<chain::SenderRecovery>(0);
  const auto reader = [this](Height height) -> std::optional<Header> {
    const auto header = chain::read_header(*chain_->view()->snapshot, height);
    return header ? *header : std::nullopt;
  };
  AITBC_ASSIGN(auto record, read_consensus_record(*parts_.store));
  AITBC_ASSIGN(engine_,
               qbft::make_engine(parts_.config, std::move(parts_.signatures), reader, std::move(record)));
  if (parts_.tamper) tampered_ = parts_.tamper(*engine_);
  consensus::ConsensusEngine& engine = tampered_ ? *tampered_ : *engine_;
  network_ = parts_.wires.plug_in(parts_.node, machine_, [this] {
    const auto view = chain_->view();
    return p2p::Head{view->head.number, view->head_hash};
  });
  consensus_gossip_ = std::make_unique<ConsensusGossip>(
      *network_, [this](consensus::Event event) { driver_->deliver(std::move(event)); });
  transaction_gossip_ =
      std::make_unique<p2p::TransactionGossip>(p2p::TransactionGossipParts{*network_, *machine_, *mempool_});
  head_gossip_ = std::make_unique<p2p::HeadGossip>(*network_, *machine_);
  network_->add_listener(*consensus_gossip_);
  network_->add_listener(*transaction_gossip_);
  driver_ = std::make_unique<ConsensusDriver>(ConsensusDriverParts{
      *machine_, engine, *chain_, *recovery_, *mempool_, *parts_.store, transport(), parts_.on_fatal});
  sync_ = std::make_unique<sync::BlockSync>(
      sync::BlockSyncParts{*machine_, *network_, *chain_, engine, *recovery_, mempool_.get(),
                           [this](const Block& block, ByteView proof, Durability durability) {
                             return driver_->commit_synced(block, proof, durability);
                           },
                           [this](bool syncing) { driver_->deliver(consensus::Syncing{syncing}); },
                           [this] { return engine_->status().is_validator; }, parts_.on_fatal},
      parts_.sync);
  sync::SnapshotServerOptions snapshots;
  snapshots.interval = kSnapshotInterval;
  snapshots.max_chunk_bytes = 4096;
  snapshots_ = std::make_shared<sync::SnapshotServer>(*machine_, *network_, *chain_, snapshots);
  network_->add_listener(*snapshots_);
  chain_->on_head([this](const chain::HeadEvent& event) { committed(event); });
  mempool_->on_admitted([this](std::span<const TransactionPtr> admitted) {
    driver_->work_pending();
    transaction_gossip_->announce(admitted);
  });
  driver_->start();
  machine_->post_net([this] {
    sync_->start();
    transaction_gossip_->start();
    network_->open();
  });
  return {};
}

ConsensusTransport Process::transport() {
  ConsensusTransport honest = consensus_gossip_->transport();
  ConsensusTransport watched = honest;
  watched.broadcast = [this, honest](const Bytes& message) {
    if (parts_.on_broadcast(message)) honest.broadcast(message);
  };
  return watched;
}

void Process::committed(const chain::HeadEvent& event) {
  const CommittedBlock block{chain_->mempool_head(), event.block->transactions, event.outcome->diff.accounts};
  if (auto done = mempool_->committed(block, now_seconds()); !done) return parts_.on_fatal(done.error());
  parts_.on_head(event);
  snapshots_->on_head(event.view);
  machine_->post_net([this, head = p2p::Head{event.view->head.number, event.view->head_hash}] {
    head_gossip_->announce(head);
  });
}

}  // namespace aitbc::sim
