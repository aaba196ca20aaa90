#include "world.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

const std::string kFull = "txpool is full";

World world_of(int senders, MempoolOptions options) {
  World world(options);
  for (int sender = 1; sender <= senders; ++sender) world.fund(sender, 1'000'000'000'000);
  world.open();
  return world;
}

MempoolOptions at_most(std::size_t transactions) {
  MempoolOptions options;
  options.max_transactions = transactions;
  return options;
}

bool pooled(World& world, const TransactionPtr& transaction) {
  return world.pool().find(transaction->hash) != nullptr;
}

}  // namespace

TEST_CASE("a full pool evicts the lowest tip for a higher one") {
  World world = world_of(5, at_most(3));
  const TransactionPtr middle = make({.from = 1, .tip = 20});
  const TransactionPtr lowest = make({.from = 2, .tip = 10});
  const TransactionPtr highest = make({.from = 3, .tip = 30});
  for (const auto& one : {middle, lowest, highest}) REQUIRE(world.add(one) == "");
  CHECK(world.send({.from = 4, .tip = 15}) == "");
  CHECK(!pooled(world, lowest));
  CHECK(world.send({.from = 5, .tip = 25}) == "");
  CHECK(pooled(world, middle));
  CHECK(world.pool().evictions() == 2);
  CHECK(world.pool().status().pending == 3);
  CHECK(world.stored() == std::vector<std::uint64_t>{0, 2, 4});  // the disk keeps step
}

TEST_CASE("a newcomer that is worth no more than what is pooled is refused") {
  World world = world_of(3, at_most(2));
  REQUIRE(world.send({.from = 1, .tip = 10}) == "");
  REQUIRE(world.send({.from = 2, .tip = 20}) == "");
  CHECK(world.send({.from = 3, .tip = 10}) == kFull);
  CHECK(world.send({.from = 3, .tip = 9}) == kFull);
  CHECK(world.pool().evictions() == 0);
  CHECK(world.stored().size() == 2);
}

TEST_CASE("eviction takes a sender's last transaction, so that no gap is made") {
  World world = world_of(2, at_most(3));
  REQUIRE(world.send({.from = 1, .nonce = 0, .tip = 1}) == "");
  REQUIRE(world.send({.from = 1, .nonce = 1, .tip = 5}) == "");
  REQUIRE(world.send({.from = 1, .nonce = 2, .tip = 3}) == "");
  REQUIRE(world.send({.from = 2, .nonce = 0, .tip = 9}) == "");
  CHECK(text(world.pool().content_from(address_of(1))) == "1:0 1:1 | ");
  CHECK(world.send({.from = 2, .nonce = 1, .tip = 4}) == kFull);
  REQUIRE(world.send({.from = 2, .nonce = 1, .tip = 6}) == "");
  CHECK(text(world.pool().content_from(address_of(1))) == "1:0 | ");
}

TEST_CASE("a newcomer does not evict its own predecessors") {
  World world = world_of(1, at_most(2));
  REQUIRE(world.send({.nonce = 0, .tip = 1}) == "");
  REQUIRE(world.send({.nonce = 1, .tip = 1}) == "");
  CHECK(world.send({.nonce = 2, .tip = 50}) == kFull);
  CHECK(world.send({.nonce = 1, .tip = 2, .max_fee = 1'100}) == "");  // a replacement needs no room
}

TEST_CASE("what waits behind a gap goes before anything executable") {
  World world = world_of(4, at_most(2));
  REQUIRE(world.send({.from = 1, .nonce = 0, .tip = 5}) == "");
  REQUIRE(world.send({.from = 2, .nonce = 1, .tip = 500}) == "");
  CHECK(world.send({.from = 3, .nonce = 1, .tip = 400}) == kFull);
  CHECK(world.send({.from = 3, .nonce = 0, .tip = 1}) == "");
  CHECK(text(world.pool().content_from(address_of(2))) == " | ");
  CHECK(world.send({.from = 4, .nonce = 1, .tip = 1'000}) == kFull);
}

TEST_CASE("the lowest tip is judged at the base fee of the next block") {
  World world = world_of(4, at_most(2));
  world.set_base_fee(100);
  world.reopen();
  const TransactionPtr capped = make({.from = 1, .tip = 50, .max_fee = 110});  // tip 10 now, 50 at base fee 7
  const TransactionPtr steady = make({.from = 2, .tip = 20});
  REQUIRE(world.add(capped) == "");
  REQUIRE(world.add(steady) == "");
  SUBCASE("high base fee") {
    REQUIRE(world.send({.from = 3, .tip = 30}) == "");
    CHECK(!pooled(world, capped));
    CHECK(pooled(world, steady));
  }
  SUBCASE("low base fee") {
    world.set_base_fee(7);
    REQUIRE(world.commit({}));
    REQUIRE(world.send({.from = 3, .tip = 30}) == "");
    CHECK(pooled(world, capped));
    CHECK(!pooled(world, steady));
  }
  SUBCASE("a maximum fee below the base fee is worth least") {
    world.set_base_fee(111);
    REQUIRE(world.commit({}));
    REQUIRE(world.send({.from = 3, .tip = 0}) == "");
    CHECK(!pooled(world, capped));
  }
}

TEST_CASE("the pool is limited in bytes, and a long newcomer may need several places") {
  const std::size_t one = make({.from = 1, .tip = 10})->wire.size();
  MempoolOptions options;
  options.max_bytes = 4 * one + 20;
  World world = world_of(6, options);
  for (int sender = 1; sender <= 4; ++sender)
    REQUIRE(world.send({.from = sender, .tip = 10 + static_cast<unsigned>(sender)}) == "");
  CHECK(world.send({.from = 5, .tip = 11}) == kFull);

  Transaction longer = unsigned_transfer({.from = 5, .tip = 13, .gas = 100'000});
  longer.data.resize(2 * one);
  // Needs three places, but only two are worth less: nothing may be lost for it.
  CHECK(world.add(signed_by(5, longer)) == kFull);
  CHECK(world.pool().status().pending == 4);
  CHECK(world.pool().evictions() == 0);
  longer.max_priority_fee_per_gas = 14;
  CHECK(world.add(signed_by(5, longer)) == "");
  CHECK(world.pool().status().pending == 2);
  CHECK(text(world.select()) == "4:0 5:0");
  CHECK(world.pool().status().bytes <= options.max_bytes);
  CHECK(world.stored().size() == 2);
}

TEST_CASE("a replacement may need room in bytes") {
  const std::size_t one = make({.from = 1, .tip = 10})->wire.size();
  MempoolOptions options;
  options.max_bytes = 2 * one + 20;
  World world = world_of(2, options);
  REQUIRE(world.send({.from = 1, .tip = 10}) == "");
  REQUIRE(world.send({.from = 2, .tip = 20}) == "");
  Transaction longer = unsigned_transfer({.tip = 15, .max_fee = 2'000, .gas = 50'000});
  longer.data.resize(50);
  CHECK(world.add(signed_by(1, longer)) == kFull);
  longer.max_priority_fee_per_gas = 21;
  CHECK(world.add(signed_by(1, longer)) == "");
  CHECK(text(world.select()) == "1:0");
}

TEST_CASE("a pool reopened with lower limits keeps the best") {
  World world = world_of(5, at_most(5));
  for (int sender = 1; sender <= 5; ++sender)
    REQUIRE(world.send({.from = sender, .tip = static_cast<unsigned>(sender)}) == "");
  world.options.max_transactions = 2;
  world.reopen();
  CHECK(text(world.select()) == "5:0 4:0");
  CHECK(world.stored() == std::vector<std::uint64_t>{3, 4});
}
