#include "world.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

World rich_world(MempoolOptions options = {}) {
  World world(options);
  world.fund(1, 1'000'000'000'000);
  world.fund(2, 1'000'000'000'000);
  world.open();
  return world;
}

std::string content(World& world, int sender) { return text(world.pool().content_from(address_of(sender))); }

}  // namespace

TEST_CASE("a block takes its transactions out of memory and off the disk") {
  World world = rich_world();
  const TransactionPtr first = make({.nonce = 0});
  REQUIRE(world.add_all({first, make({.nonce = 1}), make({.from = 2})}) == std::vector<std::string>(3));
  REQUIRE(world.commit({first}));
  CHECK(world.pool().find(first->hash) == nullptr);
  CHECK(content(world, 1) == "1:1 | ");
  CHECK(world.stored() == std::vector<std::uint64_t>{1, 2});
  CHECK(world.add(first) == "nonce too low");
  CHECK(world.pool().next_nonce(address_of(1)) == 2);
}

TEST_CASE("a block with another transaction of the same nonce replaces the pooled one") {
  World world = rich_world();
  const TransactionPtr pooled = make({.tip = 1});
  const TransactionPtr included = make({.tip = 2});
  REQUIRE(world.add(pooled) == "");
  REQUIRE(world.commit({included}));
  CHECK(world.pool().find(pooled->hash) == nullptr);
  CHECK(world.stored().empty());
}

TEST_CASE("a block of transactions that the pool never saw advances its senders") {
  World world = rich_world();
  REQUIRE(world.send({.nonce = 2}) == "");
  CHECK(content(world, 1) == " | 1:2");
  REQUIRE(world.commit({make({.nonce = 0}), make({.nonce = 1})}));
  CHECK(content(world, 1) == "1:2 | ");
  REQUIRE(world.send({.nonce = 3}) == "");
  REQUIRE(world.commit({make({.nonce = 2, .tip = 7}), make({.nonce = 3, .tip = 7}), make({.nonce = 4})}));
  CHECK(content(world, 1) == " | ");
  CHECK(world.stored().empty());
}

TEST_CASE("a sender without anything pooled is judged by what blocks did to it") {
  World world = rich_world();
  REQUIRE(world.send({.nonce = 0}) == "");
  REQUIRE(world.commit({make({.nonce = 0})}));
  REQUIRE(world.commit_balances({{1, 5}, {3, 21'000 * 10}}));
  CHECK(world.send({.nonce = 1}) == "insufficient funds for gas * price + value");
  CHECK(world.send({.from = 3, .max_fee = 10}) == "");
}

TEST_CASE("money that went elsewhere makes transactions wait or, where hopeless, go") {
  World world = rich_world();
  for (Nonce nonce = 0; nonce < 4; ++nonce) REQUIRE(world.send({.nonce = nonce, .max_fee = 10}) == "");
  REQUIRE(world.send({.nonce = 4, .max_fee = 30}) == "");
  REQUIRE(world.commit_balances({{1, 21'000 * 25}}));
  CHECK(content(world, 1) == "1:0 1:1 | 1:2 1:3");  // nonce 4 alone costs more than is left
  CHECK(world.stored() == std::vector<std::uint64_t>{0, 1, 2, 3});
  CHECK(text(world.select()) == "1:0 1:1");
  CHECK(world.pool().status().queued == 2);
  REQUIRE(world.commit_balances({{1, 21'000 * 40}}));
  CHECK(content(world, 1) == "1:0 1:1 1:2 1:3 | ");
}

TEST_CASE("a smaller block drops a touched sender's transaction that no longer fits") {
  World world = rich_world();
  REQUIRE(world.send({.nonce = 0, .max_fee = 10, .gas = 20'000'000}) == "");
  REQUIRE(world.send({.nonce = 1, .max_fee = 10}) == "");
  world.set_gas_limit(10'000'000);
  REQUIRE(world.commit_balances({{1, 900'000'000'000}}));
  CHECK(content(world, 1) == " | 1:1");
  CHECK(world.stored().size() == 1);
}

TEST_CASE("a transaction that found no block within its lifetime goes, also from the disk") {
  MempoolOptions options;
  options.lifetime = std::chrono::seconds(100);
  World world = rich_world(options);
  const TransactionPtr old = make({.nonce = 0});
  REQUIRE(world.add(old) == "");
  world.now += 60;
  REQUIRE(world.send({.nonce = 1}) == "");
  REQUIRE(world.send({.from = 2}) == "");
  world.now += 40;
  REQUIRE(world.commit({}));
  CHECK(world.pool().find(old->hash) != nullptr);
  world.now += 1;
  REQUIRE(world.commit({}));
  CHECK(world.pool().find(old->hash) == nullptr);
  CHECK(content(world, 1) == " | 1:1");
  CHECK(content(world, 2) == "2:0 | ");
  CHECK(world.stored() == std::vector<std::uint64_t>{1, 2});
  CHECK(world.add(old) == "");  // it may come again
  CHECK(content(world, 1) == "1:0 1:1 | ");
}

TEST_CASE("removals that the disk refused are made good with the next write") {
  MempoolOptions options;
  options.lifetime = std::chrono::seconds(100);
  World world = rich_world(options);
  REQUIRE(world.send({}) == "");
  world.now += 101;
  const std::uint64_t next = world.store().writes();
  world.store().on_write([next](std::uint64_t number, const WriteBatch&) -> Result<void> {
    if (number == next) return fail(ErrorCode::io, "no space");
    return {};
  });
  const auto committed = world.commit({});
  REQUIRE(!committed);
  CHECK(committed.error().code == ErrorCode::io);
  CHECK(world.pool().status().pending == 0);
  CHECK(world.stored().size() == 1);
  REQUIRE(world.send({.from = 2}) == "");
  CHECK(world.stored() == std::vector<std::uint64_t>{1});
}
