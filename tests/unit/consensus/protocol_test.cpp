// The protocol from the view of one validator of four.
#include <doctest/doctest.h>

#include "tests/unit/consensus/one_of_four.hpp"

using namespace aitbc;
using namespace aitbc::qbft;
using namespace aitbc::qbft::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("the proposer builds, proposes and prepares; the record is durable before the message leaves") {
  OneOfFour node(0);
  node.begin();
  REQUIRE(node.all<consensus::BuildBlock>().size() == 1);
  const consensus::BuildBlock build = node.all<consensus::BuildBlock>()[0];
  CHECK(build.number == 1);
  CHECK(build.coinbase == node.validators[0]);
  const std::size_t before = node.actions.size();
  node.answer_build();
  CHECK(node.sent<Proposal>().size() == 1);
  CHECK(node.sent<Prepare>().size() == 1);
  CHECK(std::holds_alternative<consensus::Persist>(node.actions[before]));
  CHECK(node.all<consensus::Persist>().size() == 1);
}

TEST_CASE(
    "a validator checks the proposal, prepares, locks on a quorum, commits, and decides on a quorum of "
    "seals") {
  OneOfFour node(3);
  node.begin();
  const Header header = node.block_header(0, 1);
  const Hash digest = OneOfFour::digest(header, 0);
  node.feed(Proposal{node.sign_proposal(0, 0, header), {}, {}});
  CHECK(node.sent<Prepare>().empty());  // not before its execution was checked
  node.answer_check();
  REQUIRE(node.sent<Prepare>().size() == 1);
  CHECK(node.sent<Prepare>()[0].payload.digest == digest);
  node.feed(node.sign_prepare(0, 0, digest));
  CHECK(node.sent<Commit>().empty());  // own and proposer's: two of three
  node.feed(node.sign_prepare(1, 0, digest));
  REQUIRE(node.sent<Commit>().size() == 1);
  node.feed(node.sign_commit(0, 0, digest));
  CHECK(node.all<consensus::CommitBlock>().empty());
  node.feed(node.sign_commit(1, 0, digest));
  REQUIRE(node.all<consensus::CommitBlock>().size() == 1);
  const consensus::CommitBlock commit = node.all<consensus::CommitBlock>()[0];
  CHECK(node.engine->verify(commit.block.header, node.headers[0], commit.commit_proof));
  CHECK(decode_commit_proof(commit.commit_proof)->seals.size() == 3);
}

TEST_CASE("messages may come in any order") {
  OneOfFour node(3);
  node.begin();
  const Header header = node.block_header(0, 1);
  const Hash digest = OneOfFour::digest(header, 0);
  for (const std::size_t other : {0UL, 1UL, 2UL}) {
    node.feed(node.sign_commit(other, 0, digest));
    node.feed(node.sign_prepare(other, 0, digest));
  }
  CHECK(node.all<consensus::CommitBlock>().empty());
  node.feed(Proposal{node.sign_proposal(0, 0, header), {}, {}});
  node.answer_check();
  CHECK(node.all<consensus::CommitBlock>().size() == 1);
}

TEST_CASE("messages for the next height wait until it is reached") {
  OneOfFour node(3);
  node.begin();
  const Header first = node.block_header(0, 1);
  node.feed(node.sign_prepare(1, 0, Hash{}, 2));
  node.headers.push_back(first);
  Header second = node.block_header(1, 2);
  node.feed(Proposal{node.sign_proposal(1, 0, second), {}, {}});
  CHECK(node.all<consensus::CheckBlock>().empty());
  node.feed(consensus::HeadChanged{first});
  REQUIRE(node.all<consensus::CheckBlock>().size() == 1);
  CHECK(node.all<consensus::CheckBlock>()[0].block.header == second);
}

TEST_CASE("prepares for different blocks do not add up, and a validator counts once") {
  OneOfFour node(3);
  node.begin();
  const Header header = node.block_header(0, 1);
  const Hash digest = OneOfFour::digest(header, 0);
  node.feed(Proposal{node.sign_proposal(0, 0, header), {}, {}});
  node.answer_check();
  node.feed(node.sign_prepare(0, 0, Hash{}));
  node.feed(node.sign_prepare(0, 0, digest));  // changed its mind
  node.feed(node.sign_prepare(1, 0, digest));
  CHECK(node.sent<Commit>().empty());
  CHECK(node.engine->status().equivocations == 1);
  node.feed(node.sign_prepare(2, 0, digest));
  CHECK(node.sent<Commit>().size() == 1);
}

TEST_CASE("a block that does not execute is not prepared, and who passed it on is punished") {
  OneOfFour node(3);
  node.begin();
  node.feed(Proposal{node.sign_proposal(0, 0, node.block_header(0, 1)), {}, {}});
  node.answer_check(false);
  CHECK(node.sent<Prepare>().empty());
  CHECK(node.punishments() == 1);
}

TEST_CASE("a failure of this machine is not the block's fault") {
  OneOfFour node(3);
  node.begin();
  node.feed(Proposal{node.sign_proposal(0, 0, node.block_header(0, 1)), {}, {}});
  const consensus::CheckBlock check = node.all<consensus::CheckBlock>()[0];
  node.feed(consensus::BlockChecked{check.request, fail(ErrorCode::io, "disk")});
  CHECK(node.punishments() == 0);
  CHECK(node.sent<Prepare>().empty());
}

TEST_CASE("only a new and valid message is passed on, a proposal only once it was checked") {
  OneOfFour node(3);
  node.begin();
  const Header header = node.block_header(0, 1);
  const Message proposal = Proposal{node.sign_proposal(0, 0, header), {}, {}};
  node.feed(proposal);
  CHECK(node.all<consensus::Relay>().empty());
  node.answer_check();
  REQUIRE(node.all<consensus::Relay>().size() == 1);
  CHECK(node.all<consensus::Relay>()[0].from == OneOfFour::kPeer);
  CHECK(node.all<consensus::Relay>()[0].message == encode(proposal));
  node.feed(proposal);
  node.feed(node.sign_prepare(1, 0, OneOfFour::digest(header, 0)));
  node.feed(node.sign_prepare(1, 0, OneOfFour::digest(header, 0)));
  CHECK(node.all<consensus::Relay>().size() == 2);
}

TEST_CASE("a proposal from a clock more than a second ahead is not accepted until its time is near") {
  OneOfFour node(3);
  node.begin();
  Header header = node.block_header(0, 1);
  header.timestamp =
      static_cast<Seconds>(std::chrono::floor<seconds>(node.now.time_since_epoch()).count()) + 3;
  const Message proposal = Proposal{node.sign_proposal(0, 0, header), {}, {}};
  node.feed(proposal);
  CHECK(node.all<consensus::CheckBlock>().empty());
  CHECK(node.punishments() == 0);
  node.run_for(milliseconds(1999));
  node.feed(proposal);
  CHECK(node.all<consensus::CheckBlock>().empty());
  node.now += milliseconds(1);
  node.feed(proposal);
  CHECK(node.all<consensus::CheckBlock>().size() == 1);
}

TEST_CASE("when the time is up a validator asks for the next round with nothing prepared") {
  OneOfFour node(3);
  node.begin();
  node.run_for(Config{}.schedule.request_timeout);
  REQUIRE(node.sent<RoundChange>().size() == 1);
  CHECK(node.sent<RoundChange>()[0].round_change.payload.round == 1);
  CHECK_FALSE(node.sent<RoundChange>()[0].round_change.payload.prepared);
  CHECK(node.engine->status().round == 1);
}

TEST_CASE("a lonely validator repeats its round change and does not run ahead") {
  OneOfFour node(3);
  node.begin();
  node.run_for(seconds(600));
  CHECK(node.engine->status().round == 1);
  CHECK(node.sent<RoundChange>().size() > 100);
  for (const RoundChange& change : node.sent<RoundChange>()) CHECK(change.round_change.payload.round == 1);
}

TEST_CASE("more than F others in later rounds are joined in the smallest of theirs") {
  OneOfFour node(3);
  node.begin();
  node.feed(node.sign_round_change(0, 9));
  CHECK(node.engine->status().round == 0);
  node.feed(node.sign_round_change(1, 5));
  CHECK(node.engine->status().round == 5);
  REQUIRE(node.sent<RoundChange>().size() == 1);
  CHECK(node.sent<RoundChange>()[0].round_change.payload.round == 5);
}

TEST_CASE("a locked validator brings its block into the next round, and its proposer must take it") {
  OneOfFour node(1);
  node.begin();
  const Header header = node.block_header(0, 1);
  const Hash digest = OneOfFour::digest(header, 0);
  node.feed(Proposal{node.sign_proposal(0, 0, header), {}, {}});
  node.answer_check();
  node.feed(node.sign_prepare(0, 0, digest));
  node.feed(node.sign_prepare(2, 0, digest));
  CHECK(node.engine->status().is_locked);
  node.run_for(Config{}.schedule.request_timeout);
  const RoundChange change = node.sent<RoundChange>().at(0);
  CHECK(change.round_change.payload.prepared == Prepared{0, digest});
  CHECK(change.prepares.size() == 3);
  CHECK(change.block->header == header);
  // It is the proposer of round 1: with a quorum of round changes it proposes the same block, coinbase and
  // all.
  node.feed(node.sign_round_change(2, 1));
  CHECK(node.sent<Proposal>().empty());
  node.feed(node.sign_round_change(3, 1));
  REQUIRE(node.sent<Proposal>().size() == 1);
  CHECK(node.sent<Proposal>()[0].proposal.payload.block->header == header);
  CHECK(node.sent<Proposal>()[0].prepares.size() == 3);
  CHECK(node.all<consensus::BuildBlock>().empty());
  CHECK(node.all<consensus::CheckBlock>().size() == 1);  // executed once
}

TEST_CASE("the proposer takes the highest lock among the round changes, not its own lower one") {
  OneOfFour node(2);
  node.begin();
  const Header low = node.block_header(0, 1);
  const Header high = node.block_header(1, 2);
  node.feed(node.sign_round_change(0, 2, low, 0, {0, 1, 3}));
  node.feed(node.sign_round_change(1, 2, high, 1, {0, 1, 3}));
  REQUIRE(node.sent<Proposal>().size() == 1);  // its own round change, by the rule of F + 1, is the third
  CHECK(node.sent<Proposal>()[0].proposal.payload.block->header == high);
}

TEST_CASE("a validator joins a later round by its justified proposal") {
  OneOfFour node(3);
  node.begin();
  const Header header = node.block_header(2, 1);
  node.feed(Proposal{node.sign_proposal(2, 2, header), node.empty_round_changes(2, 3), {}});
  CHECK(node.engine->status().round == 2);
  node.answer_check();
  REQUIRE(node.sent<Prepare>().size() == 1);
  CHECK(node.sent<Prepare>()[0].payload.round == 2);
  CHECK(node.sent<RoundChange>().empty());
}

TEST_CASE("late commits complete the block that a validator is locked on, in a later round") {
  OneOfFour node(3);
  node.begin();
  const Header header = node.block_header(0, 1);
  const Hash digest = OneOfFour::digest(header, 0);
  node.feed(Proposal{node.sign_proposal(0, 0, header), {}, {}});
  node.answer_check();
  node.feed(node.sign_prepare(0, 0, digest));
  node.feed(node.sign_prepare(1, 0, digest));
  node.run_for(Config{}.schedule.request_timeout);
  CHECK(node.engine->status().round == 1);
  node.feed(node.sign_commit(0, 0, digest));
  node.feed(node.sign_commit(2, 0, digest));
  REQUIRE(node.all<consensus::CommitBlock>().size() == 1);
  CHECK(decode_commit_proof(node.all<consensus::CommitBlock>()[0].commit_proof)->round == 0);
}

TEST_CASE("garbage, strangers and forgeries are punished; old and repeated messages are only dropped") {
  OneOfFour node(3);
  node.begin();
  SUBCASE("garbage") { node.feed(consensus::MessageReceived{1, Bytes{0x13, 0xc0}}); }
  SUBCASE("empty") { node.feed(consensus::MessageReceived{1, {}}); }
  SUBCASE("unknown code") { node.feed(consensus::MessageReceived{1, Bytes{0x11, 0xc0}}); }
  SUBCASE("a stranger") { node.feed(make_signed(PreparePayload{1, 0, Hash{}}, FakeSignatures(address(99)))); }
  SUBCASE("a broken signature") {
    Prepare prepare = node.sign_prepare(0, 0, Hash{});
    prepare.signature.s[0] ^= 1;
    node.feed(prepare);
  }
  SUBCASE("a proposal out of turn") {
    node.feed(Proposal{node.sign_proposal(1, 0, node.block_header(1, 1)), {}, {}});
  }
  SUBCASE("a proposal whose header is wrong") {
    Header header = node.block_header(0, 1);
    header.difficulty = 2;
    node.feed(Proposal{node.sign_proposal(0, 0, header), {}, {}});
  }
  CHECK(node.punishments() == 1);
  CHECK(node.engine->status().punished_messages == 1);
  CHECK(node.all<consensus::CheckBlock>().empty());
  node.clear();
  node.feed(node.sign_prepare(0, 0, Hash{}, 0));
  node.feed(node.sign_prepare(0, 0, Hash{}, 100));
  CHECK(node.punishments() == 0);
  CHECK(node.engine->status().dropped_messages == 2);
}

TEST_CASE("a syncing validator neither speaks nor listens, and afterwards is bound by what it signed") {
  OneOfFour node(3);
  node.begin();
  const Header header = node.block_header(0, 1);
  node.feed(Proposal{node.sign_proposal(0, 0, header), {}, {}});
  node.answer_check();
  CHECK(node.sent<Prepare>().size() == 1);
  node.clear();
  node.feed(consensus::Syncing{true});
  CHECK(node.timers.empty());
  node.feed(node.sign_prepare(0, 0, OneOfFour::digest(header, 0)));
  CHECK(node.sent<Commit>().empty());
  node.feed(consensus::Syncing{false});
  node.feed(Proposal{node.sign_proposal(0, 0, node.block_header(0, 2)), {}, {}});
  node.answer_check();
  for (const Prepare& prepare : node.sent<Prepare>())
    CHECK(prepare.payload.digest == OneOfFour::digest(header, 0));
}
