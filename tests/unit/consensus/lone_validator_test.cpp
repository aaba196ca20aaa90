#include <doctest/doctest.h>

#include "tests/unit/consensus/lone_node.hpp"

using namespace aitbc;
using namespace aitbc::qbft;
using namespace aitbc::qbft::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a lone validator makes a final block each period and talks to nobody") {
  LoneNode node(config_with(1000));
  node.start();
  node.run_for(seconds(10));
  // The genesis block is old, so the first block is due at once.
  CHECK(node.height() == 11);
  CHECK(node.unexpected == 0);
  for (const bool verdict : node.verdicts) CHECK(verdict);
  for (std::size_t i = 2; i < node.headers.size(); ++i)
    CHECK(node.headers[i].timestamp == node.headers[i - 1].timestamp + 1);
}

TEST_CASE("blocks of a sub-second period keep their pace and never go back in time") {
  LoneNode node(config_with(200));
  node.start();
  node.run_for(seconds(10));
  CHECK(node.height() >= 49);
  CHECK(node.height() <= 51);
  for (std::size_t i = 1; i < node.committed_at.size(); ++i)
    CHECK(node.committed_at[i] - node.committed_at[i - 1] == milliseconds(200));
  for (std::size_t i = 1; i < node.headers.size(); ++i)
    CHECK(node.headers[i].timestamp >= node.headers[i - 1].timestamp);
}

TEST_CASE("a period of one and a half seconds is kept on average") {
  LoneNode node(config_with(1500));
  node.start();
  node.run_for(seconds(30));
  CHECK(node.height() >= 19);
  CHECK(node.height() <= 21);
}

TEST_CASE("known fault: floods of empty blocks") {
  LoneNode node(config_with(1000, 10'000));
  node.start();
  node.run_for(seconds(60));
  CHECK(node.height() >= 6);
  CHECK(node.height() <= 7);
}

TEST_CASE("pending work brings the block a period after the last, not an empty period") {
  LoneNode node(config_with(1000, 60'000));
  node.start();
  node.run_for(seconds(5));
  const std::size_t before = node.height();
  SUBCASE("work that comes after the period brings it at once") {
    node.feed(consensus::WorkPending{});
    CHECK(node.height() == before + 1);
  }
  SUBCASE("work that comes within the period waits for its end") {
    node.feed(consensus::WorkPending{});
    node.feed(consensus::WorkPending{});
    CHECK(node.height() == before + 1);
    node.run_for(milliseconds(990));
    CHECK(node.height() == before + 1);
    node.run_for(milliseconds(20));
    CHECK(node.height() == before + 2);
  }
}

TEST_CASE("a build that fails is tried again in the next round, and not at once") {
  LoneNode node(config_with(1000));
  node.build_fails = true;
  node.start();
  node.run_for(seconds(1));
  CHECK(node.builds_asked == 1);
  node.run_for(seconds(60));
  CHECK(node.builds_asked > 3);
  CHECK(node.builds_asked < 10);
  node.build_fails = false;
  node.run_for(seconds(31));
  REQUIRE(node.height() > 1);
  for (const bool verdict : node.verdicts) CHECK(verdict);
}

TEST_CASE("a second build is never asked for before the first was answered") {
  LoneNode node(config_with(1000));
  node.holds_builds = true;
  node.start();
  node.run_for(seconds(120));
  CHECK(node.builds_asked == 1);
  node.holds_builds = false;
  const consensus::BuildBlock late = node.held[0];
  node.finish(late);
  CHECK(node.height() == 1);  // late, but on the present head: used in the round we are in
  CHECK(node.verdicts.back());
}

TEST_CASE("a block built on a head that was replaced is not proposed") {
  LoneNode node(config_with(1000));
  node.holds_builds = true;
  node.start();
  node.run_for(seconds(1));
  // The same validator's block arrives otherwise (restored from elsewhere, say).
  const ValidatorSet set({node.key.address()});
  const consensus::BuildBlock stale = node.held[0];
  const Header parent = node.headers.back();
  node.headers.push_back(next_header(parent, node.key.address(), set));
  node.feed(consensus::HeadChanged{node.headers.back()});
  node.run_for(seconds(1));
  CHECK(node.builds_asked == 1);
  Header old = next_header(parent, node.key.address(), set);
  node.feed(consensus::BlockBuilt{stale.request, Block{old, {}}});
  CHECK(node.height() == 1);
  CHECK(node.builds_asked == 2);  // now for the new head
  CHECK(node.held.back().number == 2);
}

TEST_CASE("a syncing validator is silent, and goes on when it caught up") {
  LoneNode node(config_with(1000));
  node.feed(consensus::Syncing{true});
  node.start();
  node.run_for(seconds(30));
  CHECK(node.height() == 0);
  CHECK(node.timers.empty());
  node.feed(consensus::Syncing{false});
  node.run_for(seconds(3));
  CHECK(node.height() == 4);
}

TEST_CASE("known fault: a stale block timer after an import") {
  LoneNode node(config_with(1000));
  node.start();
  node.run_for(milliseconds(1500));
  const std::size_t before = node.height();
  // A timer event of the height before, still in the driver's queue when the head changed, is no reason to
  // build.
  const int builds = node.builds_asked;
  node.feed(consensus::TimerFired{0});
  CHECK(node.builds_asked == builds);
  node.run_for(seconds(1));
  CHECK(node.height() == before + 1);
}

TEST_CASE("a vote of the operator goes into the next headers but not into the epoch block's") {
  Config config = config_with(1000);
  config.epoch_length = 4;
  LoneNode node(config);
  node.engine->votes().propose({node.key.address(), false});  // pointless: the last validator stays
  node.start();
  node.run_for(seconds(3));
  for (const Header& header : node.headers) CHECK_FALSE(decode_extra_data(header.extra_data)->vote);
  REQUIRE(node.height() == 4);
  node.engine->votes().propose({address(9), true});
  CHECK((*node.engine->validators_after(node.headers.back())).size() == 1);
  node.engine->votes().discard(node.key.address());
  node.run_for(seconds(1));
  // One vote of one is a majority: from the next block on there are two validators.
  CHECK(decode_extra_data(node.headers[5].extra_data)->vote == Vote{address(9), true});
  CHECK((*node.engine->validators_after(node.headers[5])).size() == 2);
}

TEST_CASE("settings that cannot work are refused with a reason") {
  const auto made = [](const Config& config) {
    return make_engine(
               config, secp256k1_signatures(std::nullopt), [](Height) { return std::nullopt; }, std::nullopt)
        .has_value();
  };
  CHECK(made(Config{}));
  CHECK_FALSE(made(config_with(0)));
  Config config;
  config.epoch_length = 0;
  CHECK_FALSE(made(config));
}

TEST_CASE("a node without a key follows in silence and verifies") {
  const LoneNode validator(config_with(1000));
  auto follower =
      *make_engine(Config{}, secp256k1_signatures(std::nullopt), validator.reader(), std::nullopt);
  CHECK(follower->on(consensus::Started{}, validator.now).empty());
  CHECK(follower->on(consensus::HeadChanged{validator.headers[0]}, validator.now).empty());
  CHECK(follower->on(consensus::WorkPending{}, validator.now).empty());
  CHECK(follower->on(consensus::MessageReceived{1, Bytes(100, 0x12)}, validator.now).empty());
  CHECK(follower->status().height == 1);
}
