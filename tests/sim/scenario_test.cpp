// Single misfortunes, one by one, that have stopped networks of this kind elsewhere.
#include <doctest/doctest.h>

#include "crypto/keccak.hpp"
#include "execution/flat_state.hpp"
#include "tests/sim/storm.hpp"

using namespace aitbc;
using namespace aitbc::sim;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

ClusterOptions four() {
  ClusterOptions options;
  options.seed = 7;
  options.config.schedule.request_timeout = Duration(500);
  options.config.schedule.max_round_timeout = kLongestTimeout;
  return options;
}

bool reaches(Cluster& cluster, Height height, Duration limit) {
  return cluster.run_until([&] { return cluster.lowest_honest_head() >= height; }, limit);
}

void check_clean(Cluster& cluster) {
  cluster.check_promises();
  for (const std::string& violation : cluster.judge().violations()) FAIL_CHECK(violation);
}

bool reports(const Cluster& cluster, std::string_view what) {
  for (const std::string& violation : const_cast<Cluster&>(cluster).judge().violations())
    if (violation.find(what) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("known fault, restart: all validators lose power at once and go on from what they wrote down") {
  Cluster cluster(four());
  for (int round = 0; round < 10; ++round) {
    cluster.submit();
    cluster.run_for(Duration(700 + 171 * round));
    for (NodeIndex i = 0; i < cluster.size(); ++i) cluster.power_cut(i);
    for (NodeIndex i = 0; i < cluster.size(); ++i) cluster.start(i);
    const Height before = cluster.judge().highest();
    CHECK(reaches(cluster, before + 2, 4 * kLongestTimeout));
  }
  check_clean(cluster);
}

TEST_CASE(
    "known fault, exploding timeouts: with two of four away for hours the network stops, and goes on with "
    "one back") {
  Cluster cluster(four());
  REQUIRE(reaches(cluster, 3, seconds(10)));
  cluster.kill(2);
  cluster.kill(3);
  const Height before = cluster.judge().highest();
  cluster.run_for(minutes(180));
  CHECK(cluster.judge().highest() <= before + 1);
  cluster.start(3);
  CHECK(cluster.run_until([&] { return cluster.head(0) >= before + 3 && cluster.head(3) >= before + 3; },
                          3 * kLongestTimeout));
  CHECK(cluster.judge().highest_round() < 10);
  check_clean(cluster);
}

TEST_CASE(
    "known fault, idle proposer: a crashed proposer does not cost the empty-block period when there is "
    "work") {
  ClusterOptions options = four();
  options.config.schedule.empty_block_period = seconds(600);
  Cluster cluster(options);
  cluster.run_for(seconds(5));
  for (NodeIndex dead = 0; dead < 4; ++dead) {
    cluster.kill(dead);
    const std::uint64_t before = cluster.judge().transactions();
    for (int i = 0; i < 8; ++i) cluster.submit();
    CHECK(cluster.run_until([&] { return cluster.judge().transactions() > before; }, 3 * kLongestTimeout));
    cluster.start(dead);
    cluster.run_for(seconds(5));
  }
  // And without work there are no floods of empty blocks.
  const Height idle = cluster.judge().highest();
  cluster.run_for(seconds(300));
  CHECK(cluster.judge().highest() <= idle + 1);
  check_clean(cluster);
}

TEST_CASE(
    "known fault, stale timers: a validator that imports many blocks takes its next turn as any other") {
  Cluster cluster(four());
  cluster.kill(1);
  REQUIRE(cluster.run_until([&] { return cluster.head(0) >= 60; }, minutes(5)));
  cluster.start(1);
  CHECK(reaches(cluster, 62, seconds(20)));
  const Height from = cluster.judge().highest();
  cluster.run_for(seconds(40));
  CHECK(cluster.lowest_honest_head() >= from + 35);
  check_clean(cluster);
}

TEST_CASE("a validator whose disk is lost catches up in silence and takes part again") {
  Cluster cluster(four());
  for (int i = 0; i < 20; ++i) {
    cluster.submit();
    cluster.run_for(seconds(1));
  }
  cluster.wipe(2);
  cluster.start(2);
  CHECK(reaches(cluster, cluster.judge().highest() + 3, seconds(20)));
  // Its vote is needed now.
  cluster.kill(0);
  const Height before = cluster.judge().highest();
  CHECK(cluster.run_until([&] { return cluster.head(2) >= before + 3; }, 5 * kLongestTimeout));
  cluster.start(0);
  CHECK(reaches(cluster, before + 4, 3 * kLongestTimeout));
  check_clean(cluster);
}

TEST_CASE("a full node follows, and a lying validator cannot stop it") {
  ClusterOptions options = four();
  options.full_nodes = 1;
  for (int kind = 0; kind <= qbft::test::kMisbehaviours; ++kind) {
    options.seed = 100 + static_cast<std::uint64_t>(kind);
    Cluster cluster(options);
    cluster.make_byzantine(0, static_cast<qbft::test::Misbehaviour>(kind));
    cluster.kill(4);
    REQUIRE(cluster.run_until([&] { return cluster.head(1) >= 30; }, minutes(5)));
    cluster.start(4);
    CHECK(cluster.run_until([&] { return cluster.head(4) >= 32; }, 5 * kLongestTimeout));
    check_clean(cluster);
  }
}

TEST_CASE("a node starts from a snapshot, is killed on the way, and follows, whatever a validator sends it") {
  ClusterOptions options = four();
  options.full_nodes = 1;
  options.snapshot_full_nodes = true;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    options.seed = seed;
    Cluster cluster(options);
    if (seed % 2 == 0) cluster.make_byzantine(0, qbft::test::Misbehaviour::all);
    cluster.kill(4);
    while (cluster.judge().highest() < 40) {
      cluster.submit();
      cluster.submit();
      cluster.run_for(seconds(1));
    }
    cluster.start(4);
    CHECK(cluster.is_newcomer(4));
    for (int kills = 0; kills < 4; ++kills) {
      cluster.run_for(Duration(2200 + 40 * kills));
      cluster.power_cut(4);
      cluster.start(4);
    }
    CHECK(cluster.run_until([&] { return cluster.head(4) >= 60; }, 20 * kLongestTimeout));
    // It executed nothing of what came before.
    const auto start = chain::blocks_start(*cluster.disk(4).raw().snapshot());
    REQUIRE(start.has_value());
    CHECK(*start > 16);
    check_clean(cluster);
  }
}

TEST_CASE("a network in two halves makes no block, and goes on when it is whole again") {
  Cluster cluster(four());
  REQUIRE(reaches(cluster, 3, seconds(10)));
  cluster.wires().partition({0, 0, 1, 1});
  cluster.run_for(seconds(1));
  const Height before = cluster.judge().highest();
  cluster.run_for(minutes(10));
  CHECK(cluster.judge().highest() <= before + 1);
  cluster.wires().partition({0, 0, 0, 0});
  CHECK(reaches(cluster, before + 3, 3 * kLongestTimeout));
  check_clean(cluster);
}

TEST_CASE("a hundred validators agree on blocks, also with thirty-three of them away") {
  ClusterOptions options = four();
  options.validators = 100;
  options.config.schedule.request_timeout = seconds(2);
  Cluster cluster(options);
  CHECK(reaches(cluster, 1, seconds(20)));
  CHECK(cluster.judge().highest_round() == 0);
  for (NodeIndex i = 0; i < 33; ++i) cluster.kill(3 * i);
  const Height before = cluster.judge().highest();
  CHECK(cluster.run_until([&] { return cluster.head(1) > before; }, seconds(60)));
  check_clean(cluster);
}

TEST_CASE("the checks find money that appears from nowhere") {
  Cluster cluster(four());
  REQUIRE(reaches(cluster, 2, seconds(10)));
  const auto snapshot = cluster.disk(1).raw().snapshot();
  Account account = Account::empty();
  account.balance = Amount::ait(1);
  Address nobody;
  nobody.bytes.fill(0x77);
  Bytes value = to_bytes(nobody);
  append(value, encode(account));
  WriteBatch batch;
  batch.put(Table::state, account_key(nobody), value);
  REQUIRE(cluster.disk(1).raw().write(batch, Durability::synced));
  cluster.run_for(seconds(3));
  CHECK_FALSE(cluster.judge().violations().empty());
}

TEST_CASE("the checks find an acknowledged transaction that a node has lost") {
  Cluster cluster(four());
  REQUIRE(reaches(cluster, 2, seconds(10)));
  // Nobody hears of what each one accepts now, and no block is made.
  cluster.wires().partition({0, 1, 2, 3});
  cluster.run_for(seconds(1));
  while (cluster.judge().promises().size() < 4) {
    cluster.submit();
    cluster.run_for(Duration(100));
  }
  cluster.check_promises();
  REQUIRE(cluster.judge().violations().empty());
  for (NodeIndex i = 0; i < 4; ++i) {
    cluster.kill(i);
    WriteBatch batch;
    const auto snapshot = cluster.disk(i).raw().snapshot();
    const auto iterator = snapshot->iterate(Table::mempool);
    for (iterator->seek({}); iterator->valid(); iterator->next())
      batch.erase(Table::mempool, iterator->key());
    REQUIRE(cluster.disk(i).raw().write(batch, Durability::synced));
    cluster.start(i);
  }
  cluster.run_for(seconds(1));
  cluster.check_promises();
  CHECK(reports(cluster, "lost a transaction"));
}
