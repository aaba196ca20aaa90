// Validators that come, go, and lose their disks.
#include <doctest/doctest.h>

#include "tests/unit/consensus/cluster.hpp"

using namespace aitbc;
using namespace aitbc::qbft;
using namespace aitbc::qbft::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

ClusterOptions some(std::size_t validators, std::size_t candidates) {
  ClusterOptions options;
  options.validators = validators;
  options.candidates = candidates;
  options.config.schedule.request_timeout = milliseconds(500);
  options.config.schedule.max_round_timeout = seconds(4);
  return options;
}

void check_clean(const Cluster& cluster) {
  for (const std::string& violation : cluster.violations()) FAIL_CHECK(violation);
}

std::size_t validator_count(Cluster& cluster, NodeIndex node) {
  return (*cluster.engine(node).validators_after(cluster.chain(node).back())).size();
}

void vote(Cluster& cluster, const std::vector<NodeIndex>& voters, const Vote& what) {
  for (const NodeIndex voter : voters) cluster.engine(voter).votes().propose(what);
}

}  // namespace

TEST_CASE("a candidate follows, is voted in, takes its turns, and is voted out") {
  Cluster cluster(some(4, 1));
  cluster.run_for(seconds(5));
  CHECK(cluster.head(4) >= 3);
  CHECK_FALSE(cluster.engine(4).status().is_validator);
  vote(cluster, {0, 1, 2}, {cluster.address_of(4), true});
  REQUIRE(cluster.run_until([&] { return validator_count(cluster, 0) == 5; }, seconds(10)));
  const Height joined_at = cluster.highest_head();
  cluster.run_for(seconds(12));
  CHECK(cluster.engine(4).status().is_validator);
  bool has_proposed = false;
  for (Height height = joined_at + 1; height <= cluster.head(0); ++height)
    has_proposed = has_proposed || cluster.chain(0)[height].coinbase == cluster.address_of(4);
  CHECK(has_proposed);
  for (NodeIndex i = 0; i < 3; ++i) cluster.engine(i).votes().discard(cluster.address_of(4));
  vote(cluster, {0, 1, 2}, {cluster.address_of(4), false});
  REQUIRE(cluster.run_until([&] { return validator_count(cluster, 0) == 4; }, seconds(15)));
  cluster.run_for(seconds(10));
  CHECK_FALSE(cluster.engine(4).status().is_validator);
  CHECK(cluster.lowest_honest_head() + 1 >= cluster.highest_head());
  CHECK(cluster.highest_round() == 0);
  check_clean(cluster);
}

TEST_CASE("a network grows from one validator to four and shrinks back to one") {
  Cluster cluster(some(1, 3));
  const auto grow = [&](NodeIndex node, const std::vector<NodeIndex>& voters) {
    vote(cluster, voters, {cluster.address_of(node), true});
    return cluster.run_until([&] { return validator_count(cluster, 0) == node + 1; }, seconds(20));
  };
  REQUIRE(grow(1, {0}));
  REQUIRE(grow(2, {0, 1}));
  REQUIRE(grow(3, {0, 1}));
  cluster.run_for(seconds(8));
  CHECK(cluster.engine(3).status().is_validator);
  for (NodeIndex node = 3; node > 0; --node) {
    for (NodeIndex i = 0; i < 4; ++i) cluster.engine(i).votes().discard(cluster.address_of(node));
    std::vector<NodeIndex> voters;
    for (NodeIndex i = 0; i <= node; ++i) voters.push_back(i);
    vote(cluster, voters, {cluster.address_of(node), false});
    REQUIRE(cluster.run_until([&] { return validator_count(cluster, 0) == node; }, seconds(30)));
  }
  const Height alone_at = cluster.head(0);
  cluster.run_for(seconds(10));
  CHECK(cluster.head(0) >= alone_at + 9);
  check_clean(cluster);
}

TEST_CASE("a validator with an empty disk catches up and serves again") {
  Cluster cluster(some(4, 0));
  cluster.run_for(seconds(20));
  cluster.wipe(2);
  cluster.run_for(seconds(20));
  cluster.restart(2);
  const Height before = cluster.highest_head();
  CHECK(cluster.run_until([&] { return cluster.lowest_honest_head() >= before + 4; }, seconds(20)));
  // Needed now: another one is down.
  cluster.crash(0);
  const Height without = cluster.highest_head();
  CHECK(cluster.run_until([&] { return cluster.head(2) >= without + 3; }, seconds(20)));
  check_clean(cluster);
}

TEST_CASE("a validator restored from an older copy signs nothing until it is past what it signed") {
  Cluster cluster(some(4, 0));
  cluster.run_for(seconds(10));
  cluster.rewind(1, 5);
  cluster.run_for(seconds(10));
  CHECK(cluster.lowest_honest_head() + 1 >= cluster.highest_head());
  CHECK(cluster.engine(1).status().is_validator);
  check_clean(cluster);  // above all: no second signature
}

TEST_CASE("a rolling restart under way never stops the others") {
  Cluster cluster(some(4, 0));
  for (int turn = 0; turn < 8; ++turn) {
    const NodeIndex node = static_cast<NodeIndex>(turn % 4);
    const Height before = cluster.highest_head();
    cluster.crash(node);
    cluster.run_for(seconds(6));
    CHECK(cluster.highest_head() >= before + 3);
    cluster.restart(node);
    cluster.run_for(seconds(3));
  }
  CHECK(cluster.lowest_honest_head() + 1 >= cluster.highest_head());
  check_clean(cluster);
}

TEST_CASE("four validators agree with real signatures, through a round change") {
  ClusterOptions options = some(4, 0);
  options.real_signatures = true;
  Cluster cluster(options);
  cluster.run_for(seconds(3));
  cluster.crash(0);
  cluster.run_for(seconds(6));
  cluster.restart(0);
  CHECK(cluster.run_until([&] { return cluster.lowest_honest_head() >= 8; }, seconds(10)));
  CHECK(cluster.highest_round() >= 1);
  check_clean(cluster);
}

TEST_CASE("a hundred validators agree, also while a third of them is down") {
  Cluster cluster(some(100, 0));
  CHECK(cluster.run_until([&] { return cluster.lowest_honest_head() >= 2; }, seconds(10)));
  for (NodeIndex i = 0; i < 33; ++i) cluster.crash(3 * i);
  const Height goal = cluster.highest_head() + 4;
  const auto the_others_have_it = [&] {
    for (NodeIndex i = 0; i < cluster.size(); ++i)
      if (cluster.is_running(i) && cluster.head(i) < goal) return false;
    return true;
  };
  CHECK(cluster.run_until(the_others_have_it, seconds(60)));
  CHECK(cluster.highest_round() >= 1);
  check_clean(cluster);
}
