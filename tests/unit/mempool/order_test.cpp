#include "world.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

World world_of(int senders, MempoolOptions options = {}) {
  World world(options);
  for (int sender = 1; sender <= senders; ++sender) world.fund(sender, 1'000'000'000'000);
  world.open();
  return world;
}

std::string content(World& world, int sender) { return text(world.pool().content_from(address_of(sender))); }

}  // namespace

TEST_CASE("selection goes by tip, a sender's own transactions by nonce") {
  World world = world_of(3);
  REQUIRE(world.send({.from = 1, .nonce = 0, .tip = 1}) == "");
  REQUIRE(world.send({.from = 1, .nonce = 1, .tip = 9}) == "");
  REQUIRE(world.send({.from = 2, .nonce = 0, .tip = 5}) == "");
  REQUIRE(world.send({.from = 2, .nonce = 1, .tip = 3}) == "");
  REQUIRE(world.send({.from = 3, .nonce = 0, .tip = 4}) == "");
  CHECK(text(world.select()) == "2:0 3:0 2:1 1:0 1:1");
}

TEST_CASE("equal tips go in order of arrival") {
  World world = world_of(3);
  for (const int sender : {3, 1, 2})
    for (const Nonce nonce : {0U, 1U}) REQUIRE(world.send({.from = sender, .nonce = nonce}) == "");
  CHECK(text(world.select()) == "3:0 3:1 1:0 1:1 2:0 2:1");
}

TEST_CASE("the tip that counts is what the maximum fee leaves above the base fee") {
  World world = world_of(2);
  REQUIRE(world.send({.from = 1, .tip = 50, .max_fee = 60}) == "");
  REQUIRE(world.send({.from = 2, .tip = 20, .max_fee = 100}) == "");
  CHECK(text(world.pool().select(Amount(7), 30'000'000, 1 << 20)) == "1:0 2:0");
  CHECK(text(world.pool().select(Amount(50), 30'000'000, 1 << 20)) == "2:0 1:0");
}

TEST_CASE("a maximum fee below the base fee is admitted and waits until the base fee has fallen") {
  World world = world_of(2);
  world.set_base_fee(100);
  world.reopen();
  REQUIRE(world.send({.from = 1, .nonce = 0, .max_fee = 99}) == "");
  REQUIRE(world.send({.from = 1, .nonce = 1, .max_fee = 1'000}) == "");
  REQUIRE(world.send({.from = 2, .max_fee = 100}) == "");
  CHECK(text(world.select()) == "2:0");
  world.set_base_fee(99);
  CHECK(text(world.select()) == "2:0 1:0 1:1");  // a tip of nothing comes last
  world.set_base_fee(98);
  CHECK(text(world.select()) == "1:0 1:1 2:0");
}

TEST_CASE("selection stops at the gas and byte limits and goes on with what still fits") {
  World world = world_of(3);
  REQUIRE(world.send({.from = 1, .tip = 9, .gas = 50'000}) == "");
  REQUIRE(world.send({.from = 2, .tip = 8, .gas = 60'000}) == "");
  REQUIRE(world.send({.from = 3, .nonce = 0, .tip = 7, .gas = 21'000}) == "");
  REQUIRE(world.send({.from = 3, .nonce = 1, .tip = 7, .gas = 21'000}) == "");
  CHECK(text(world.pool().select(Amount(7), 100'000, 1 << 20)) == "1:0 3:0 3:1");
  CHECK(text(world.pool().select(Amount(7), 71'000, 1 << 20)) == "1:0 3:0");
  const std::size_t one = world.select()[0]->wire.size();
  CHECK(world.pool().select(Amount(7), 30'000'000, 2 * one + one / 2).size() == 2);
  CHECK(world.pool().select(Amount(7), 20'999, 1 << 20).empty());
}

TEST_CASE(
    "candidates come in rounds: what did not fit one may fit the next, and what fits none is passed over") {
  World world = world_of(3);
  REQUIRE(world.send({.from = 1, .tip = 9, .gas = 50'000}) == "");
  REQUIRE(world.send({.from = 2, .tip = 8, .gas = 60'000}) == "");
  REQUIRE(world.send({.from = 3, .nonce = 0, .tip = 7, .gas = 21'000}) == "");
  REQUIRE(world.send({.from = 3, .nonce = 1, .tip = 7, .gas = 21'000}) == "");
  const auto candidates = world.pool().candidates(Amount(7));
  CHECK(text(candidates->next(100'000, 1 << 20)) == "1:0");
  CHECK(text(candidates->next(79'000, 1 << 20)) == "2:0");
  CHECK(text(candidates->next(21'000, 1 << 20)) == "3:0");
  CHECK(text(candidates->next(20'999, 1 << 20)).empty());
  CHECK(text(candidates->next(21'000, 1 << 20)) == "3:1");
  CHECK(text(candidates->next(1'000'000, 1 << 20)).empty());

  const auto passing = world.pool().candidates(Amount(7));
  CHECK(text(passing->next(40'000, 1 << 20)) == "3:0");  // neither the first nor the second fits by itself
}

TEST_CASE("selection in many steps equals the order of tips") {
  World world = world_of(7);
  std::vector<TransactionPtr> all;
  for (Nonce nonce = 0; nonce < 700; ++nonce)
    for (int sender = 1; sender <= 7; ++sender)
      all.push_back(make_unsigned({.from = sender,
                                   .nonce = nonce,
                                   .tip = (nonce * 7919 + 31U * static_cast<unsigned>(sender)) % 100}));
  for (const std::string& answer : world.add_all(all)) REQUIRE(answer == "");
  const auto chosen = world.pool().select(Amount(7), 1'000'000'000, 64U << 20);
  REQUIRE(chosen.size() == all.size());
  std::map<Address, Nonce> next;
  for (const TransactionPtr& one : chosen) CHECK(next[one->sender]++ == one->transaction.nonce);
}

TEST_CASE("transactions behind a gap wait and are promoted together when it closes") {
  World world = world_of(1);
  REQUIRE(world.send({.nonce = 1}) == "");
  REQUIRE(world.send({.nonce = 2}) == "");
  REQUIRE(world.send({.nonce = 4}) == "");
  CHECK(content(world, 1) == " | 1:1 1:2 1:4");
  CHECK(world.pool().next_nonce(address_of(1)) == 0);
  CHECK(world.select().empty());

  std::vector<std::string> announced;
  world.pool().on_admitted([&](std::span<const TransactionPtr> fresh) {
    announced.push_back(text(std::vector<TransactionPtr>(fresh.begin(), fresh.end())));
  });
  REQUIRE(world.send({.nonce = 0}) == "");
  CHECK(content(world, 1) == "1:0 1:1 1:2 | 1:4");
  CHECK(world.pool().next_nonce(address_of(1)) == 3);
  CHECK(world.pool().status().pending == 3);
  CHECK(world.pool().status().queued == 1);
  REQUIRE(world.send({.nonce = 6}) == "");
  REQUIRE(world.send({.nonce = 2, .tip = 2, .max_fee = 2'000}) == "");
  CHECK(announced == std::vector<std::string>{"1:0 1:1 1:2", "1:2"});
}

TEST_CASE("nonces that arrive backwards end up in order") {
  World world = world_of(1);
  for (Nonce nonce = 10; nonce-- > 0;) REQUIRE(world.send({.nonce = nonce}) == "");
  CHECK(text(world.select()) == "1:0 1:1 1:2 1:3 1:4 1:5 1:6 1:7 1:8 1:9");
}

TEST_CASE("content lists every sender with something pooled") {
  World world = world_of(200);
  for (int sender = 1; sender <= 150; ++sender)
    REQUIRE(world.send({.from = sender, .nonce = sender % 2 == 0 ? 0U : 1U}) == "");
  const auto all = world.pool().content();
  CHECK(all.size() == 150);
  CHECK(text(all.at(address_of(2))) == "2:0 | ");
  CHECK(text(all.at(address_of(3))) == " | 3:1");
  CHECK(content(world, 151) == " | ");
}
