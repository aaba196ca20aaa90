#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>

#include "consensus/qbft/messages.hpp"
#include "tests/sim/storm.hpp"

using namespace aitbc;
using namespace aitbc::sim;

namespace {

constexpr std::uint64_t kSeeds = 200;

bool mentions(const StormResult& result, std::string_view what) {
  for (const std::string& violation : result.violations)
    if (violation.find(what) != std::string::npos) return true;
  return false;
}

// An engine that forgets what it signed whenever it restarts, because it never writes it down.
class Forgetful final : public consensus::ConsensusEngine {
 public:
  explicit Forgetful(consensus::ConsensusEngine& inner) : inner_(inner) {}
  consensus::Actions on(const consensus::Event& event, consensus::TimePoint now) override {
    consensus::Actions actions = inner_.on(event, now);
    std::erase_if(actions,
                  [](const auto& action) { return std::holds_alternative<consensus::Persist>(action); });
    return actions;
  }
  Result<void> verify(const Header& header, const Header& parent, ByteView proof) const override {
    return inner_.verify(header, parent, proof);
  }
  Result<Bytes> wire_header(const Header& header, ByteView proof) const override {
    return inner_.wire_header(header, proof);
  }

 private:
  consensus::ConsensusEngine& inner_;
};

// An engine that keeps everything to itself once the chain has a block.
class Mute final : public consensus::ConsensusEngine {
 public:
  explicit Mute(consensus::ConsensusEngine& inner) : inner_(inner) {}
  consensus::Actions on(const consensus::Event& event, consensus::TimePoint now) override {
    if (const auto* head = std::get_if<consensus::HeadChanged>(&event)) is_mute_ = head->header.number > 0;
    consensus::Actions actions = inner_.on(event, now);
    std::erase_if(actions, [this](const auto& action) {
      return is_mute_ && std::holds_alternative<consensus::Broadcast>(action);
    });
    return actions;
  }
  Result<void> verify(const Header& header, const Header& parent, ByteView proof) const override {
    return inner_.verify(header, parent, proof);
  }
  Result<Bytes> wire_header(const Header& header, ByteView proof) const override {
    return inner_.wire_header(header, proof);
  }

 private:
  consensus::ConsensusEngine& inner_;
  bool is_mute_ = false;
};

// Restarts every node, so that a broken engine takes its place.
template <class Broken>
void break_engines(Cluster& cluster, std::size_t how_many) {
  cluster.tamper = [how_many](
                       NodeIndex node,
                       consensus::ConsensusEngine& engine) -> std::unique_ptr<consensus::ConsensusEngine> {
    if (node >= how_many) return nullptr;
    return std::make_unique<Broken>(engine);
  };
  for (NodeIndex i = 0; i < cluster.size(); ++i) {
    cluster.kill(i);
    cluster.start(i);
  }
}

// The last validator alone sees COMMITs, so it commits alone; then all the others lose power.
void lone_commits(Cluster& cluster) {
  const NodeIndex lone = cluster.validators() - 1;
  cluster.wires().on_send = [lone](NodeIndex, NodeIndex to, const p2p::Frame& frame) {
    const bool is_commit =
        (*frame)[0] == p2p::Message(p2p::Consensus{}).index() &&
        qbft::decode_message(std::get<p2p::Consensus>(*p2p::decode(*frame)).message)->index() == 2;
    return is_commit && to != lone ? std::vector<p2p::Frame>() : std::vector<p2p::Frame>{frame};
  };
  cluster.run_until([&] { return cluster.head(lone) >= 1; }, std::chrono::seconds(30));
  for (NodeIndex i = 0; i < lone; ++i) cluster.power_cut(i);
  cluster.kill(lone);
  for (NodeIndex i = 0; i < lone; ++i) cluster.start(i);
  cluster.wires().on_send = nullptr;
}

}  // namespace

TEST_CASE("no storm makes whole nodes fork, vote twice, lose money or a promise, or stay down") {
  Duration simulated{0};
  Height blocks = 0;
  std::uint64_t transactions = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const StormResult result = run_storm(seed);
    for (const std::string& violation : result.violations)
      FAIL_CHECK("seed " << seed << ": " << violation << " (again: build/dev/bin/aitbc-sim " << seed << ")");
    simulated += result.simulated;
    blocks += result.blocks;
    transactions += result.transactions;
  }
  // Storms in which nothing happens would find nothing.
  CHECK(blocks > 5 * kSeeds);
  CHECK(transactions > 5 * kSeeds);
}

// In both, the last announcement of a head was lost, and the next block needed those who had not heard of it.
TEST_CASE("a lost announcement of the head leaves nobody behind") {
  for (const std::uint64_t seed : {1365UL, 1793UL}) CHECK(run_storm(seed).violations.empty());
}

// An unjustified round change was remembered as seen, and passed on when its author repeated it.
TEST_CASE("a forged round change that is repeated does not get who passes messages on into trouble") {
  CHECK(run_storm(8288).violations.empty());
}

TEST_CASE("the same seed gives the same run, another one does not") {
  std::vector<std::uint64_t> traces;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    traces.push_back(run_storm(seed).trace);
    CHECK(run_storm(seed).trace == traces.back());
  }
  std::sort(traces.begin(), traces.end());
  CHECK(std::adjacent_find(traces.begin(), traces.end()) == traces.end());
}

TEST_CASE("the checks find validators that forget what they signed, and the forks that come of it") {
  const auto forgetful = [](Cluster& cluster) {
    break_engines<Forgetful>(cluster, cluster.validators());
    lone_commits(cluster);
  };
  int double_votes = 0;
  int forks = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const StormResult result = run_storm(seed, forgetful);
    double_votes += mentions(result, "signed two messages");
    forks += mentions(result, "two different blocks are final");
  }
  CHECK(double_votes > 0);
  CHECK(forks > 0);
}

TEST_CASE("the checks find a network that does not come back") {
  const auto broken = [](Cluster& cluster) { break_engines<Mute>(cluster, 3); };
  CHECK(mentions(run_storm(3, broken), "no recovery"));
}

TEST_CASE("a cluster of four is simulated at fifty times its speed or more") {
  ClusterOptions options;
  options.seed = 1;
  Cluster cluster(options);
  const std::clock_t began = std::clock();
  for (int second = 0; second < 120; ++second) {
    cluster.submit();
    cluster.run_for(std::chrono::seconds(1));
  }
  const double seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  MESSAGE("120 simulated seconds in " << seconds << " s of processor time");
  CHECK(cluster.judge().violations().empty());
  CHECK(cluster.lowest_honest_head() >= 115);
  CHECK(120 / seconds >= 50);
}
