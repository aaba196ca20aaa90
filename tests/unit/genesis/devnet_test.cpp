#include <doctest/doctest.h>

#include "execution/chain_record.hpp"
#include "execution/flat_state.hpp"
#include "genesis/genesis.hpp"
#include "marketplace/marketplace.hpp"
#include "storage/memory_store.hpp"
#include "tests/support/map_state_view.hpp"

using namespace aitbc;

TEST_CASE("the devnet's genesis makes a first block with the marketplace in it") {
  const auto marketplace = make_marketplace();
  const Module* modules[] = {marketplace.get()};
  const Address validators[] = {test::address_of(1)};
  const auto devnet = genesis::parse_genesis(genesis::devnet_json());
  REQUIRE(devnet.has_value());
  const auto block = genesis::build_genesis(genesis::with_validators(*devnet, validators), modules);
  REQUIRE_MESSAGE(block.has_value(), (block ? "" : block.error().message));

  const auto store = make_memory_store();
  REQUIRE(store->write(block->batch, Durability::synced).has_value());
  const auto view = make_flat_state_view(store->snapshot());
  CHECK(marketplace->check_invariants(*view, block->header.timestamp).has_value());
  CHECK((*view->account(marketplace->address()))->nonce == 1);
  CHECK(check_supply(*store->snapshot()).has_value());
}
