// Modules are told who validates the block: what its own header says.
#include "node/chain/block_validators.hpp"

#include "chain_fixture.hpp"
#include "tests/support/test_module.hpp"

using namespace aitbc;
using namespace aitbc::chain;
using namespace aitbc::chain::test;

namespace {

std::vector<Address> ascending(std::vector<Address> validators) {
  std::sort(validators.begin(), validators.end());
  return validators;
}

// A chain whose module remembers the validators of the block that it saw last.
struct Watched {
  std::vector<Address> seen;
  aitbc::test::TestModule module{key_of(77).address()};
  const Module* modules[1] = {&module};
  std::unique_ptr<Store> store = make_memory_store();
  genesis::Genesis genesis = small_genesis();
  std::unique_ptr<Chain> chain;

  Watched() {
    module.on_end_block = [this](State&, const BlockContext& block, Logs&) { seen = block.validators; };
    open();
  }
  void open() { chain = std::move(*Chain::open(*store, genesis, modules, {})); }
  Result<Block> build(Bytes extra_data) {
    const Header head = chain->view()->head;
    return chain->build({head.number + 1, head.timestamp + 1, key_of(200).address(), std::move(extra_data)},
                        {});
  }
};

const std::vector<Address> kLater = ascending({key_of(200).address(), key_of(201).address()});

}  // namespace

TEST_CASE("a block executes with the validators that its header names, by whom it was made and elsewhere") {
  Watched maker;
  Watched other;
  const auto block = maker.build(genesis::encode_extra_data(kLater));
  REQUIRE(block.has_value());
  CHECK(maker.seen == kLater);
  REQUIRE(other.chain->check(*block).has_value());
  CHECK(other.seen == kLater);
}

TEST_CASE("a simulated next block has the head's validators, after a restart as well") {
  Watched world;
  const auto next = [&] { return world.chain->next_block_context(2'000'000'000, Address{}).validators; };
  CHECK(next() == std::vector{key_of(200).address()});
  const auto block = world.build(genesis::encode_extra_data(kLater));
  REQUIRE(block.has_value());
  CHECK(next() == std::vector{key_of(200).address()});
  REQUIRE(world.chain->commit(*block, {}).has_value());
  CHECK(next() == kLater);
  world.chain.reset();
  world.open();
  CHECK(next() == kLater);
  CHECK(world.chain->view()->validators == kLater);
}

TEST_CASE("a block that does not say who validates it is invalid, and the chain goes on") {
  Watched world;
  const Bytes good = genesis::encode_extra_data(kLater);
  const Block block = *world.build(good);
  Bytes descending = good;
  std::swap_ranges(descending.begin() + 36, descending.begin() + 57, descending.begin() + 57);
  for (const Bytes& bad : {Bytes{}, Bytes{0xc0}, genesis::encode_extra_data({}), descending,
                           Bytes(good.begin(), good.end() - 1)}) {
    CHECK_FALSE(world.build(bad).has_value());
    Block changed = block;
    changed.header.extra_data = bad;
    const auto checked = world.chain->check(changed);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == ErrorCode::invalid_block);
    CHECK(checked.error().message.find("does not say who validates it") != std::string::npos);
  }
  REQUIRE(world.chain->commit(block, {}).has_value());
}
