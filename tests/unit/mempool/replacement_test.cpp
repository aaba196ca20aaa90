#include "world.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

const std::string kUnderpriced = "replacement transaction underpriced";

World rich_world() {
  World world;
  world.fund(1, 1'000'000'000'000);
  world.open();
  return world;
}

}  // namespace

TEST_CASE("a replacement raises both fees by ten percent, rounded up") {
  World world = rich_world();
  REQUIRE(world.send({.tip = 15, .max_fee = 1'005}) == "");
  CHECK(world.send({.tip = 17, .max_fee = 1'105}) == kUnderpriced);  // 1105.5 is needed
  CHECK(world.send({.tip = 16, .max_fee = 1'106}) == kUnderpriced);  // 16.5 is needed
  CHECK(world.send({.tip = 14, .max_fee = 5'000}) == kUnderpriced);
  CHECK(world.send({.tip = 17, .max_fee = 1'106}) == "");
  CHECK(world.pool().status().pending == 1);
}

TEST_CASE("a fee of zero must still rise") {
  World world = rich_world();
  REQUIRE(world.send({.tip = 0, .max_fee = 10}) == "");
  CHECK(world.send({.tip = 0, .max_fee = 11}) == kUnderpriced);
  CHECK(world.send({.tip = 1, .max_fee = 11}) == "");
}

TEST_CASE("a replaced transaction is gone from memory and, once a block came, from the disk") {
  World world = rich_world();
  const TransactionPtr first = make({.tip = 10});
  const TransactionPtr second = make({.tip = 20, .max_fee = 2'000});
  REQUIRE(world.add(first) == "");
  REQUIRE(world.add(second) == "");
  CHECK(world.pool().find(first->hash) == nullptr);
  CHECK(world.pool().find(second->hash) == second);
  CHECK(world.select() == std::vector{second});
  CHECK(world.add(first) == kUnderpriced);
  REQUIRE(world.commit({}));
  CHECK(world.stored() == std::vector<std::uint64_t>{1});
}

TEST_CASE("replacements in one batch leave the last") {
  World world = rich_world();
  const TransactionPtr last = make({.tip = 40, .max_fee = 4'000});
  const auto answers = world.add_all(
      {make({.tip = 10}), make({.tip = 20, .max_fee = 2'000}), make({.tip = 21, .max_fee = 4'000}), last});
  CHECK(answers == std::vector<std::string>{"", "", kUnderpriced, ""});
  CHECK(world.select() == std::vector{last});
  CHECK(world.pool().status().bytes == last->wire.size());
  world.reopen();
  CHECK(world.select().size() == 1);
  CHECK(world.select()[0]->hash == last->hash);
}

TEST_CASE("a dearer replacement must be paid for together with what comes before it") {
  World world;
  world.fund(1, 21'000 * 30);
  world.open();
  REQUIRE(world.send({.nonce = 0, .max_fee = 10}) == "");
  REQUIRE(world.send({.nonce = 1, .max_fee = 10}) == "");
  CHECK(world.send({.nonce = 1, .tip = 2, .max_fee = 21}) == "insufficient funds for gas * price + value");
  CHECK(world.send({.nonce = 1, .tip = 2, .max_fee = 20}) == "");
  // The first may take all the money; the second then waits.
  CHECK(world.send({.nonce = 0, .tip = 2, .max_fee = 30}) == "");
  CHECK(text(world.pool().content_from(address_of(1))) == "1:0 | 1:1");
}

TEST_CASE("a replacement behind a gap works as in front of it") {
  World world = rich_world();
  REQUIRE(world.send({.nonce = 2, .tip = 10}) == "");
  CHECK(world.send({.nonce = 2, .tip = 10, .max_fee = 2'000}) == kUnderpriced);
  CHECK(world.send({.nonce = 2, .tip = 20, .max_fee = 2'000}) == "");
  CHECK(world.pool().status().queued == 1);
}
