// A network of whole nodes in one thread, on virtual time, disks and wires. Everything follows from one seed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/clients.hpp"
#include "tests/sim/disk.hpp"
#include "tests/sim/judge.hpp"
#include "tests/sim/liar.hpp"
#include "tests/sim/newcomer.hpp"
#include "tests/sim/process.hpp"
#include "tests/unit/consensus/byzantine.hpp"

namespace aitbc::sim {

struct ClusterOptions {
  std::size_t validators = 4;
  std::size_t full_nodes = 0;        // follow without a key
  bool snapshot_full_nodes = false;  // and start from snapshots
  std::uint64_t seed = 0;
  qbft::Config config;
  bool ring = false;
  Duration max_chain_work{20};
  Duration max_clock_skew{0};
};

class Cluster {
 public:
  explicit Cluster(const ClusterOptions& options);
  ~Cluster();

  Scheduler& scheduler() { return scheduler_; }
  Random& random() { return random_; }
  Wires& wires() { return wires_; }
  Judge& judge() { return judge_; }
  TimePoint now() const { return scheduler_.now(); }
  void run_for(Duration duration) { scheduler_.run_until(now() + duration); }
  bool run_until(const std::function<bool()>& condition, Duration limit) {
    return scheduler_.run_until(condition, now() + limit);
  }

  std::size_t size() const { return nodes_.size(); }
  std::size_t validators() const { return options_.validators; }
  bool is_running(NodeIndex node) const { return nodes_[node].process && nodes_[node].machine->is_alive(); }
  bool is_honest(NodeIndex node) const { return !nodes_[node].byzantine; }
  Process& process(NodeIndex node) { return *nodes_[node].process; }
  Disk& disk(NodeIndex node) { return nodes_[node].disk; }
  // Runs, but has no chain yet.
  bool is_newcomer(NodeIndex node) const { return nodes_[node].newcomer != nullptr; }
  // Of the running process; 0 without one.
  Height head(NodeIndex node) const;
  Height lowest_honest_head() const;

  // ---- what happens to nodes
  void start(NodeIndex node);
  // The process is gone at once; its disk keeps what was written.
  void kill(NodeIndex node);
  // The machine is gone at once; its disk keeps what was synced.
  void power_cut(NodeIndex node);
  // Killed, with everything it knew.
  void wipe(NodeIndex node);
  void make_byzantine(NodeIndex node, qbft::test::Misbehaviour misbehaviour);
  void set_disk_weather(const DiskWeather& weather);
  // A random client sends something to a random node.
  void submit();
  // Fair weather, no partition, every process running and the rules kept by all but the Byzantine.
  void heal();
  // Whether every transaction that a node acknowledged is in the chain, overtaken by its sender's other one,
  // or in that node's pool. Reports what is missing.
  void check_promises();

  // The node's validator key was used for nothing it does not remember: tests break engines with it.
  std::function<std::unique_ptr<consensus::ConsensusEngine>(NodeIndex, consensus::ConsensusEngine&)> tamper;

 private:
  struct Node {
    explicit Node(std::uint64_t seed) : disk(seed) {}
    std::optional<Address> address;  // validators
    Duration clock_skew{0};
    std::unique_ptr<qbft::test::Byzantine> byzantine;
    Disk disk;
    std::shared_ptr<Machine> machine;
    std::unique_ptr<Process> process;
    std::unique_ptr<Newcomer> newcomer;  // instead, while there is no chain on its disk
  };

  bool starts_from_snapshot(NodeIndex node) const;
  Result<void> start_newcomer(NodeIndex node);
  Result<void> start_process(NodeIndex node);
  ProcessParts parts_for(NodeIndex node, const std::shared_ptr<Machine>& machine);
  void died(NodeIndex node, bool power_is_gone, Duration away);
  void bury(NodeIndex node);
  void restart_later(NodeIndex node, Duration delay);
  void stopped(NodeIndex node, const Error& error);
  bool broadcast(NodeIndex node, const Bytes& message);
  std::vector<p2p::Frame> on_wire(NodeIndex from, NodeIndex to, const p2p::Frame& frame);
  bool is_kept(const Judge::Promise& promise);

  ClusterOptions options_;
  Random random_;
  Scheduler scheduler_;
  Wires wires_;
  Judge judge_;
  Clients clients_;
  Liar liar_;
  std::unique_ptr<Module> marketplace_;
  genesis::Genesis genesis_;
  std::vector<Node> nodes_;
  std::uint64_t processes_ = 0;
};

}  // namespace aitbc::sim
