#include "tests/sim/cluster.hpp"

#include <algorithm>

#include "marketplace/marketplace.hpp"
#include "node/telemetry/log.hpp"
#include "tests/unit/consensus/fake_signatures.hpp"

namespace aitbc::sim {
namespace {

constexpr std::size_t kAccounts = 8;
constexpr Duration kLongestAbsence{5000};

Address validator_address(std::size_t number) {
  Address out;
  out.bytes[0] = static_cast<std::uint8_t>(7 * (number + 1));
  out.bytes[18] = static_cast<std::uint8_t>(number >> 8);
  out.bytes[19] = static_cast<std::uint8_t>(number);
  return out;
}

genesis::Genesis make_genesis(std::size_t validators, const Clients& clients) {
  genesis::Genesis genesis = *genesis::parse_genesis(genesis::devnet_json());
  genesis.alloc.clear();
  clients.endow(genesis);
  std::vector<Address> addresses;
  for (std::size_t i = 0; i < validators; ++i) addresses.push_back(validator_address(i));
  return genesis::with_validators(std::move(genesis), addresses);
}

// The nodes speak of every misfortune; only what the judge says counts here.
void silence_log() {
  static const bool once = [] {
    log::Options options;
    options.level = log::Level::error;
    log::init(options);
    return true;
  }();
  static_cast<void>(once);
}

TimePoint start_time(const genesis::Genesis& genesis) {
  return TimePoint(std::chrono::seconds(genesis.timestamp + 1000));
}

}  // namespace

Cluster::Cluster(const ClusterOptions& options)
    : options_(options),
      random_(options.seed),
      scheduler_(TimePoint{}),
      wires_(scheduler_, options.validators + options.full_nodes, random_.next()),
      clients_(kAccounts, random_.next()),
      liar_(random_.next()),
      marketplace_(make_marketplace()),
      genesis_(make_genesis(options.validators, clients_)) {
  silence_log();
  scheduler_.run_until(start_time(genesis_));
  if (options.ring) wires_.make_ring();
  wires_.on_send = [this](NodeIndex from, NodeIndex to, const p2p::Frame& frame) {
    return on_wire(from, to, frame);
  };
  wires_.on_punish = [this](NodeIndex by, NodeIndex of, p2p::Offence offence, std::string_view reason) {
    if (offence != p2p::Offence::nuisance && is_honest(by) && is_honest(of))
      judge_.report("node " + std::to_string(by) + " punished honest node " + std::to_string(of) + ": " +
                    std::string(reason));
  };
  for (NodeIndex i = 0; i < options.validators + options.full_nodes; ++i) {
    Node& node = nodes_.emplace_back(random_.next());
    if (i < options.validators) node.address = validator_address(i);
    node.clock_skew = random_.up_to(2 * options.max_clock_skew) - options.max_clock_skew;
  }
  for (NodeIndex i = 0; i < size(); ++i) start(i);
}

Cluster::~Cluster() {
  for (NodeIndex i = 0; i < size(); ++i) bury(i);
}

ProcessParts Cluster::parts_for(NodeIndex index, const std::shared_ptr<Machine>& machine) {
  Node& node = nodes_[index];
  sync::BlockSyncOptions sync;
  sync.download.request_timeout = Duration(2000);
  sync.download.blocks_per_request = 16;
  // Only a validator whose disk knows nothing while the chain has blocks has reason to wait.
  sync.wait_at_start = Duration(2000);
  auto store = node.disk.open(machine, [this, index] { died(index, true, random_.up_to(kLongestAbsence)); });
  return ProcessParts{
      machine,
      std::move(store),
      wires_,
      index,
      genesis_,
      *marketplace_,
      options_.config,
      std::make_unique<const qbft::test::FakeSignatures>(node.address),
      sync,
      [this, index](const Bytes& message) { return broadcast(index, message); },
      [this, index](const chain::HeadEvent& event) {
        scheduler_.trace().add(read_be64(event.view->head_hash.view()));
        judge_.committed(index, event, nodes_[index].process->engine(), *marketplace_);
      },
      [this, index](const Error& error) { stopped(index, error); },
      tamper ? [this, index](consensus::ConsensusEngine& engine) { return tamper(index, engine); }
             : std::function<std::unique_ptr<consensus::ConsensusEngine>(consensus::ConsensusEngine&)>()};
}

void Cluster::start(NodeIndex index) {
  Node& node = nodes_[index];
  if (node.machine && node.machine->is_alive()) return;
  bury(index);
  Machine::Options options;
  options.clock_skew = node.clock_skew;
  options.max_chain_work = options_.max_chain_work;
  node.machine = std::make_shared<Machine>(scheduler_, options, options_.seed * 1000 + ++processes_);
  const Result<void> started = starts_from_snapshot(index) ? start_newcomer(index) : start_process(index);
  if (started) return;
  node.machine->kill();
  if (started.error().code != ErrorCode::io)
    return judge_.report("node " + std::to_string(index) + " does not start: " + started.error().message);
  restart_later(index, Duration(500));
}

Result<void> Cluster::start_process(NodeIndex index) {
  AITBC_ASSIGN(nodes_[index].process, Process::start(parts_for(index, nodes_[index].machine)));
  return {};
}

bool Cluster::starts_from_snapshot(NodeIndex index) const {
  if (!options_.snapshot_full_nodes || index < options_.validators) return false;
  const auto holds = chain::holds_chain(nodes_[index].disk.raw());
  return holds && !*holds;
}

Result<void> Cluster::start_newcomer(NodeIndex index) {
  Node& node = nodes_[index];
  auto store =
      node.disk.open(node.machine, [this, index] { died(index, true, random_.up_to(kLongestAbsence)); });
  AITBC_ASSIGN(
      node.newcomer,
      Newcomer::start({node.machine, std::move(store), wires_, index, genesis_, *marketplace_,
                       options_.config, std::make_unique<const qbft::test::FakeSignatures>(node.address),
                       [this, index] { died(index, false, Duration(0)); },
                       [this, index](const Error& error) { stopped(index, error); }}));
  return {};
}

void Cluster::bury(NodeIndex index) {
  nodes_[index].process.reset();
  nodes_[index].newcomer.reset();
  nodes_[index].machine.reset();
}

void Cluster::restart_later(NodeIndex index, Duration delay) {
  scheduler_.after(delay, [this, index] { start(index); });
}

// May be called from within the process, which is therefore buried later.
void Cluster::died(NodeIndex index, bool power_is_gone, Duration away) {
  Node& node = nodes_[index];
  if (node.machine) node.machine->kill();
  if (power_is_gone) node.disk.power_cut();
  scheduler_.trace().add(0xdead0000 + index);
  scheduler_.after(Duration(0), [this, index] {
    if (nodes_[index].machine && !nodes_[index].machine->is_alive()) bury(index);
  });
  restart_later(index, Duration(100) + away);
}

void Cluster::kill(NodeIndex index) { bury(index); }

void Cluster::power_cut(NodeIndex index) {
  kill(index);
  nodes_[index].disk.power_cut();
}

void Cluster::wipe(NodeIndex index) {
  kill(index);
  nodes_[index].disk.wipe();
  judge_.forget(index);
}

void Cluster::stopped(NodeIndex index, const Error& error) {
  if (!nodes_[index].machine->is_alive()) return;
  if (error.code != ErrorCode::io)
    judge_.report("node " + std::to_string(index) + " stopped: " + error.message);
  died(index, false, random_.up_to(kLongestAbsence));
}

void Cluster::make_byzantine(NodeIndex index, qbft::test::Misbehaviour misbehaviour) {
  Node& node = nodes_[index];
  auto signatures = std::make_shared<const qbft::test::FakeSignatures>(node.address);
  node.byzantine =
      std::make_unique<qbft::test::Byzantine>(misbehaviour, std::move(signatures), random_.next());
}

bool Cluster::broadcast(NodeIndex index, const Bytes& message) {
  Node& node = nodes_[index];
  if (!node.byzantine) {
    judge_.signs(index, message);
    return true;
  }
  if (node.byzantine->forgets()) {
    WriteBatch forget;
    forget.erase(Table::consensus, as_bytes("record"));
    if (!node.disk.raw().write(forget, Durability::synced)) judge_.report("a disk cannot be changed");
    died(index, false, Duration(0));
    return false;
  }
  Wires::Endpoint& network = node.process->network();
  for (const auto& [to, instead] : node.byzantine->corrupt(message, size()))
    if (const auto peer = network.peer_for(to)) network.send(*peer, p2p::make_frame(p2p::Consensus{instead}));
  return false;
}

std::vector<p2p::Frame> Cluster::on_wire(NodeIndex from, NodeIndex to, const p2p::Frame& frame) {
  if (nodes_[to].byzantine) {
    const auto message = p2p::decode(*frame);
    if (const auto* consensus = message ? std::get_if<p2p::Consensus>(&*message) : nullptr)
      nodes_[to].byzantine->overhear(consensus->message);
  }
  return nodes_[from].byzantine ? liar_.instead_of(frame) : std::vector<p2p::Frame>{frame};
}

void Cluster::set_disk_weather(const DiskWeather& weather) {
  for (Node& node : nodes_) node.disk.weather = weather;
}

void Cluster::submit() {
  const NodeIndex index = random_.below(size());
  if (!is_running(index)) return;
  Process& process = *nodes_[index].process;
  process.machine().post_work([this, index, &process] {
    const TransactionPtr transaction = clients_.next(process.mempool(), genesis_.rules.chain_id);
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(process.machine().now().time_since_epoch());
    const auto admitted = process.mempool().add({&transaction, 1}, static_cast<Seconds>(seconds.count()));
    if (!admitted[0] || !is_honest(index)) return;
    process.machine().later(Duration(0), [this, index, transaction] {
      judge_.acknowledged({index, transaction});
    });
  });
}

Height Cluster::head(NodeIndex node) const {
  return is_running(node) ? nodes_[node].process->chain().view()->head.number : 0;
}

Height Cluster::lowest_honest_head() const {
  Height lowest = UINT64_MAX;
  for (NodeIndex i = 0; i < size(); ++i)
    if (is_honest(i)) lowest = std::min(lowest, head(i));
  return lowest;
}

void Cluster::heal() {
  wires_.weather = NetworkWeather{};
  set_disk_weather(DiskWeather{});
  wires_.partition(std::vector<int>(size(), 0));
  for (NodeIndex i = 0; i < size(); ++i)
    if (!is_running(i)) start(i);
}

bool Cluster::is_kept(const Judge::Promise& promise) {
  const RecoveredTransaction& transaction = *promise.transaction;
  if (!is_running(promise.node)) return true;
  Process& process = *nodes_[promise.node].process;
  if (process.mempool().find(transaction.hash)) return true;
  const auto account = process.chain().view()->state->account(transaction.sender);
  return account && *account && (*account)->nonce > transaction.transaction.nonce;
}

void Cluster::check_promises() {
  for (const Judge::Promise& promise : judge_.promises())
    if (!is_kept(promise))
      judge_.report("node " + std::to_string(promise.node) + " lost a transaction that it had acknowledged");
}

}  // namespace aitbc::sim
