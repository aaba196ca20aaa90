// A network of engines in one thread: virtual time, and a network, disks and Byzantine validators that follow
// from one seed. Blocks are bare headers. Every commit and every message of an honest node is checked as it
// happens.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

#include "consensus/qbft/engine.hpp"
#include "tests/unit/consensus/byzantine.hpp"
#include "tests/unit/consensus/fixtures.hpp"
#include "tests/unit/consensus/random.hpp"

namespace aitbc::qbft::test {

using consensus::Duration;
using consensus::TimePoint;
using NodeIndex = std::size_t;

// What the network does to messages, and the machines to their processes.
struct Weather {
  std::uint64_t loss_per_mille = 0;
  std::uint64_t duplicate_per_mille = 0;
  Duration max_delay{20};
  std::uint64_t crash_per_mille_of_actions = 0;  // at any action boundary
};

struct ClusterOptions {
  std::size_t validators = 4;
  std::size_t candidates = 0;  // nodes with keys that are not validators at the start
  std::uint64_t seed = 0;
  Config config;
  bool real_signatures = false;
  bool ring = false;      // each node knows its two neighbours only, so that messages must be relayed
  Duration max_work{30};  // for building, checking or storing a block
  Duration max_clock_skew{0};
};

class Cluster {
 public:
  explicit Cluster(const ClusterOptions& options);

  void run_for(Duration duration);
  // Runs until the condition holds; false when it did not within the limit.
  bool run_until(const std::function<bool()>& condition, Duration limit);
  TimePoint now() const { return now_; }
  Random& random() { return random_; }

  std::size_t size() const { return nodes_.size(); }
  Weather weather;
  // Nodes of different groups cannot reach each other.
  void partition(std::vector<int> group_of_node) { groups_ = std::move(group_of_node); }
  void heal();  // fair weather, no partition, every process running
  void crash(NodeIndex node);
  void restart(NodeIndex node);
  // Loses everything that node knew, its disk included.
  void wipe(NodeIndex node);
  // Restarts with the chain of an earlier time, but today's write-ahead record.
  void rewind(NodeIndex node, Height head);
  void make_byzantine(NodeIndex node, Misbehaviour misbehaviour);
  void offer_work(NodeIndex node);

  bool is_running(NodeIndex node) const { return nodes_[node].engine != nullptr; }
  bool is_honest(NodeIndex node) const { return !nodes_[node].byzantine; }
  Engine& engine(NodeIndex node) { return *nodes_[node].engine; }
  const Address& address_of(NodeIndex node) const { return nodes_[node].address; }
  const std::vector<Header>& chain(NodeIndex node) const { return nodes_[node].headers; }
  const std::vector<Bytes>& proofs(NodeIndex node) const { return nodes_[node].proofs; }
  Height head(NodeIndex node) const { return nodes_[node].headers.back().number; }
  Height lowest_honest_head() const;
  Height highest_head() const;
  Round highest_round() const { return highest_round_; }
  std::uint64_t messages() const { return messages_; }

  // What must never happen and did; empty when all is well.
  const std::vector<std::string>& violations() const { return violations_; }
  void report(std::string violation) { violations_.push_back(std::move(violation)); }

  // Sees, and may veto, each message on its way.
  std::function<bool(NodeIndex from, NodeIndex to, const Message& message)> filter;
  // When set, blocks take this long to build (or fail: nullopt).
  std::function<bool(NodeIndex)> build_succeeds;

 private:
  struct Node {
    Address address;
    std::optional<PrivateKey> key;
    Duration clock_skew{0};
    std::unique_ptr<Byzantine> byzantine;
    // Disk.
    std::vector<Header> headers;
    std::vector<Bytes> proofs;  // of headers; empty for the genesis block
    std::optional<Bytes> record;
    // Process.
    std::unique_ptr<Engine> engine;
    std::uint64_t incarnation = 0;
    std::map<std::uint64_t, std::uint64_t> timers;  // timer -> number of its latest setting
    std::uint64_t timer_settings = 0;
  };
  struct Scheduled {
    TimePoint at;
    std::uint64_t order;
    std::function<void()> run;
    bool operator<(const Scheduled& other) const {
      return std::tie(other.at, other.order) < std::tie(at, order);  // earliest on top
    }
  };

  void schedule(Duration delay, std::function<void()> run);
  // Runs only if the process is still the same one then.
  void schedule_for(NodeIndex node, Duration delay, std::function<void()> run);
  Duration some_delay(Duration max);
  void step();

  void feed(NodeIndex node, const consensus::Event& event);
  void perform(NodeIndex node, const consensus::BuildBlock& build);
  void perform(NodeIndex node, const consensus::CheckBlock& check);
  void perform(NodeIndex node, const consensus::CommitBlock& commit);
  void perform(NodeIndex node, const consensus::Broadcast& broadcast);
  void perform(NodeIndex node, const consensus::SendTo& send);
  void perform(NodeIndex node, const consensus::Relay& relay);
  void perform(NodeIndex node, const consensus::SetTimer& set);
  void perform(NodeIndex node, const consensus::CancelTimer& cancel);
  void perform(NodeIndex node, const consensus::Persist& persist);
  void perform(NodeIndex node, const consensus::PunishPeer& punish);

  bool are_neighbours(NodeIndex a, NodeIndex b) const;
  bool can_reach(NodeIndex a, NodeIndex b) const;
  void transmit(NodeIndex from, NodeIndex to, const Bytes& message);
  void append_block(NodeIndex node, const Header& header, Bytes proof);
  void sync(NodeIndex node);  // asks a random peer for the blocks above our head
  void check_never_two_signatures(NodeIndex node, const Message& message);

  ClusterOptions options_;
  Random random_;
  TimePoint now_{std::chrono::seconds(kGenesisTime + 1000)};
  std::priority_queue<Scheduled> queue_;
  std::uint64_t scheduled_ = 0;
  std::vector<Node> nodes_;
  std::vector<int> groups_;
  std::map<Height, Hash> final_;
  // What each honest node signed: (node, height, round, code) -> signing hash.
  std::map<std::tuple<NodeIndex, Height, Round, int>, Hash> signed_;
  std::vector<std::string> violations_;
  Round highest_round_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t built_ = 0;
};

}  // namespace aitbc::qbft::test
