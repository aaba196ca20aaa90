// What other implementations of this family of protocols got wrong in the field, each as a scenario that must
// end well here. (Those about single rules are beside the tests of those rules, named alike.)
#include <doctest/doctest.h>

#include "tests/unit/consensus/cluster.hpp"
#include "tests/unit/consensus/one_of_four.hpp"

using namespace aitbc;
using namespace aitbc::qbft;
using namespace aitbc::qbft::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

ClusterOptions four() {
  ClusterOptions options;
  options.config.schedule.request_timeout = milliseconds(500);
  options.config.schedule.max_round_timeout = seconds(4);
  return options;
}

void check_clean(const Cluster& cluster) {
  for (const std::string& violation : cluster.violations()) FAIL_CHECK(violation);
}

bool reaches(Cluster& cluster, Height height, Duration limit) {
  return cluster.run_until([&] { return cluster.lowest_honest_head() >= height; }, limit);
}

template <class T>
bool is_at(const Message& message, Round round) {
  return std::holds_alternative<T>(message) && view_of(message) == View{1, round};
}

}  // namespace

TEST_CASE("known fault: a lock without an unlock path") {
  // Validator 0 is locked on the block of round 0 and validator 1 on another one of round 1; the others on
  // none. Under a rule that a locked validator prepares nothing else this never ends.
  Cluster cluster(four());
  cluster.filter = [](NodeIndex from, NodeIndex to, const Message& message) {
    if (view_of(message).height > 1) return true;
    if (is_at<Prepare>(message, 0)) return to == 0;
    if (is_at<RoundChange>(message, 1)) return from != 0;  // round 1 hears nothing of that lock
    if (is_at<Prepare>(message, 1)) return to == 1;
    return !is_at<Commit>(message, 0) && !is_at<Commit>(message, 1);
  };
  const auto is_locked = [&](NodeIndex node) { return cluster.engine(node).status().is_locked; };
  REQUIRE(cluster.run_until([&] { return is_locked(0) && is_locked(1); }, seconds(10)));
  CHECK(reaches(cluster, 3, seconds(30)));
  // One of the two blocks won: every quorum of round changes has one of the locked validators in it.
  const Address& winner = cluster.chain(0)[1].coinbase;
  CHECK((winner == cluster.address_of(0) || winner == cluster.address_of(1)));
  check_clean(cluster);
}

TEST_CASE("known fault: after a long halt the timeouts have grown until every node must be restarted") {
  Cluster cluster(four());
  CHECK(reaches(cluster, 5, seconds(20)));
  cluster.crash(2);
  cluster.crash(3);
  cluster.run_for(std::chrono::hours(6));
  const Height halted_at = cluster.highest_head();
  CHECK(cluster.highest_round() <= 2);
  cluster.restart(2);
  // Within one longest timeout, without touching the others.
  CHECK(cluster.run_until([&] { return cluster.head(0) > halted_at && cluster.head(2) > halted_at; },
                          seconds(4)));
  cluster.restart(3);
  CHECK(reaches(cluster, halted_at + 3, seconds(20)));
  check_clean(cluster);
}

TEST_CASE("known fault: blocks prepared in a round above 0 rejected when proposed again") {
  // The block of round 1 is prepared, its commits are lost, and so is everything of rounds 0 and 2.
  Cluster cluster(four());
  cluster.filter = [](NodeIndex, NodeIndex, const Message& message) {
    const View view = view_of(message);
    if (view.height > 1 || std::holds_alternative<RoundChange>(message)) return true;
    if (view.round == 0 || view.round == 2) return false;
    return !is_at<Commit>(message, 1);
  };
  REQUIRE(reaches(cluster, 2, seconds(60)));
  const CommitProof proof = *decode_commit_proof(cluster.proofs(0)[1]);
  CHECK(proof.round >= 3);
  CHECK(cluster.chain(0)[1].coinbase == cluster.address_of(1));  // the first proposer's, of round 1
  check_clean(cluster);
}

TEST_CASE("known fault: the round timer running before there is a block") {
  ClusterOptions options = four();
  options.config.schedule.empty_block_period = seconds(60);
  Cluster cluster(options);
  cluster.run_for(seconds(30));
  const Height idle_at = cluster.highest_head();
  CHECK(idle_at <= 1);
  CHECK(cluster.highest_round() == 0);  // idle is not late
  // Work brings a block at once, in round 0.
  for (NodeIndex i = 0; i < 4; ++i) cluster.offer_work(i);
  CHECK(reaches(cluster, idle_at + 1, milliseconds(900)));
  CHECK(cluster.highest_round() == 0);
  check_clean(cluster);
}

TEST_CASE("known fault: one crashed proposer idles the whole empty-block period") {
  ClusterOptions options = four();
  options.config.schedule.empty_block_period = seconds(600);
  Cluster cluster(options);
  CHECK(reaches(cluster, 1, seconds(10)));  // the genesis block is old
  const Height idle_at = cluster.highest_head();
  const std::size_t next = (idle_at) % 4;
  cluster.crash(next);
  cluster.run_for(seconds(5));
  SUBCASE("when everybody has the transaction") {
    for (NodeIndex i = 0; i < 4; ++i) cluster.offer_work(i);
  }
  SUBCASE("when a single other validator has it") { cluster.offer_work((next + 2) % 4); }
  const auto others_have = [&](Height height) {
    for (NodeIndex i = 0; i < 4; ++i)
      if (i != next && cluster.head(i) < height) return false;
    return true;
  };
  CHECK(cluster.run_until([&] { return others_have(idle_at + 1); }, seconds(5)));
  check_clean(cluster);
}

TEST_CASE("known fault: restarted validators that never agree because nothing was persisted") {
  // All four processes die at the same moment, at every moment of a height, and come back from their records.
  for (int after = 0; after < 300; after += 7) {
    CAPTURE(after);
    ClusterOptions options = four();
    options.seed = static_cast<std::uint64_t>(after);
    Cluster cluster(options);
    cluster.run_for(seconds(3) + milliseconds(after));
    for (NodeIndex i = 0; i < 4; ++i) cluster.crash(i);
    for (NodeIndex i = 0; i < 4; ++i) cluster.restart(i);
    CHECK(reaches(cluster, cluster.highest_head() + 3, seconds(20)));
    check_clean(cluster);
  }
}

TEST_CASE("known fault: a power cut after every commit was signed and none was counted") {
  Cluster cluster(four());
  cluster.filter = [](NodeIndex, NodeIndex, const Message& message) {
    return !std::holds_alternative<Commit>(message);
  };
  const auto all_locked = [&] {
    for (NodeIndex i = 0; i < 4; ++i)
      if (!cluster.engine(i).status().is_locked) return false;
    return true;
  };
  REQUIRE(cluster.run_until(all_locked, seconds(5)));
  for (NodeIndex i = 0; i < 4; ++i) cluster.crash(i);
  cluster.filter = nullptr;
  for (NodeIndex i = 0; i < 4; ++i) cluster.restart(i);
  // They say their commits again and are done, without a round change.
  CHECK(reaches(cluster, 1, milliseconds(400)));
  CHECK(cluster.highest_round() == 0);
  check_clean(cluster);
}

TEST_CASE("known fault: unbounded round numbers that exhaust memory") {
  Cluster cluster(four());
  cluster.make_byzantine(1, Misbehaviour::absurd_rounds);
  cluster.run_for(std::chrono::minutes(10));
  CHECK(cluster.lowest_honest_head() >= 500);
  CHECK(cluster.highest_round() <= 2);
  check_clean(cluster);
}

TEST_CASE("known fault: commit seals not checked against their signer") {
  OneOfFour node(3);
  node.begin();
  const Header header = node.block_header(0, 1);
  const Hash digest = OneOfFour::digest(header, 0);
  node.feed(Proposal{node.sign_proposal(0, 0, header), {}, {}});
  node.answer_check();
  for (const std::size_t by : {0UL, 1UL}) node.feed(node.sign_prepare(by, 0, digest));
  REQUIRE(node.sent<Commit>().size() == 1);
  node.feed(node.sign_commit(0, 0, digest));
  const FakeSignatures second(node.validators[1]);
  SUBCASE("another validator's seal") {
    node.feed(make_signed(CommitPayload{1, 0, digest, fake_signature(node.validators[2], digest)}, second));
  }
  SUBCASE("a seal of another block") {
    node.feed(make_signed(CommitPayload{1, 0, digest, second.sign(Hash{})}, second));
  }
  CHECK(node.all<consensus::CommitBlock>().empty());
  CHECK(node.punishments() == 1);
}
