#include <doctest/doctest.h>

#include "codec/hex.hpp"
#include "codec/rlp.hpp"
#include "crypto/keccak.hpp"
#include "execution/chain_record.hpp"
#include "execution/flat_state.hpp"
#include "execution/state_trie.hpp"
#include "execution/trie.hpp"
#include "storage/memory_store.hpp"
#include "tests/support/map_state_view.hpp"
#include "tests/support/test_module.hpp"
#include "tests/unit/genesis/sample.hpp"

using namespace aitbc;
using namespace aitbc::genesis;
using test::sample;
using test::sample_with;
using test::TestModule;

namespace {

GenesisBlock build(const Genesis& genesis, Modules modules = {}) {
  auto block = build_genesis(genesis, modules);
  REQUIRE_MESSAGE(block.has_value(), (block ? "" : block.error().message));
  return std::move(*block);
}

std::string refusal(const Genesis& genesis, Modules modules = {}) {
  const auto block = build_genesis(genesis, modules);
  REQUIRE_FALSE(block.has_value());
  return block.error().message;
}

Hash hash_of(const std::string& text) {
  const auto genesis = parse_genesis(text);
  REQUIRE_MESSAGE(genesis.has_value(), (genesis ? "" : genesis.error().message));
  return build(*genesis).hash;
}

// The root worked out from the whole state at once, in memory.
Hash root_of_accounts(const StateDiff& diff) {
  std::vector<std::pair<Bytes, Bytes>> leaves;
  for (const AccountChange& change : diff.accounts)
    leaves.emplace_back(to_bytes(keccak256(change.address)), encode(*change.after));
  return trie::root_of(leaves);
}

Hash root_of_storage(const StateDiff& diff, const Address& address) {
  std::vector<std::pair<Bytes, Bytes>> leaves;
  for (const StorageChange& change : diff.storage) {
    if (change.address != address) continue;
    rlp::Encoder word;
    word.bytes(storage_word(*change.after));
    leaves.emplace_back(to_bytes(keccak256(storage_slot(change.key))), word.take());
  }
  return trie::root_of(leaves);
}

}  // namespace

TEST_CASE("the genesis block is an Ethereum block whose hash anybody can recompute") {
  const Genesis genesis = sample();
  const GenesisBlock block = build(genesis);
  CHECK(block.hash == header_hash(block.header));
  CHECK(block.header.number == 0);
  CHECK(block.header.parent_hash.is_zero());
  CHECK(block.header.ommers_hash == kEmptyOmmersHash);
  CHECK(block.header.transactions_root == kEmptyTrieRoot);
  CHECK(block.header.receipts_root == kEmptyTrieRoot);
  CHECK(block.header.logs_bloom.is_zero());
  CHECK(block.header.timestamp == genesis.timestamp);
  CHECK(block.header.gas_limit == genesis.gas_limit);
  CHECK(block.header.base_fee_per_gas == genesis.base_fee);
  CHECK(block.header.extra_data == genesis.extra_data);
  CHECK(as_text(block.header.mix_hash.view()) == "ctical byzantine fault tolerance");
}

TEST_CASE("the state root is that of all accounts and of what they store") {
  TestModule module(test::address_of(0xbc));
  module.on_genesis = [](State& state, std::string_view parameters) {
    CHECK(parameters == R"({"minStake":"100","deep":{"list":[1,{"a":null}]}})");
    state.put(test::address_of(0xbc), as_bytes("parameters"), to_bytes(as_bytes(parameters)));
    CHECK(state.mint(test::address_of(0xbc), Amount(5)));
    return Result<void>{};
  };
  const Module* modules[] = {&module};
  const GenesisBlock block = build(sample(), modules);
  CHECK(block.header.state_root == root_of_accounts(block.diff));

  test::MapStateView state;
  state.apply(block.diff);
  const Account& contract = state.accounts.at(module.address());
  CHECK(contract.nonce == 1);
  CHECK(contract.code_hash == keccak256(module.code()));
  CHECK(contract.storage_root == root_of_storage(block.diff, module.address()));
  CHECK(contract.balance == Amount(5));
}

TEST_CASE("the batch holds the state, the trie and the supply") {
  const GenesisBlock block = build(sample());
  const auto store = make_memory_store();
  REQUIRE(store->write(block.batch, Durability::synced).has_value());
  CHECK(*state_root(*store->snapshot()) == block.header.state_root);
  const auto checked = check_state_trie(*store->snapshot());
  REQUIRE_MESSAGE(checked.has_value(), (checked ? "" : checked.error().message));
  CHECK(checked->root == block.header.state_root);
  const auto supply = check_supply(*store->snapshot());
  REQUIRE(supply.has_value());
  CHECK(supply->supply == Supply{Amount::ait(90'200), Amount{}});
  const auto view = make_flat_state_view(store->snapshot());
  const auto account = *view->account(*hex::parse_address("0x627306090abaB3A6e1400e9345bC60c78a8BEf57"));
  REQUIRE(account.has_value());
  CHECK(account->balance == Amount::ait(90'000));
  CHECK(account->nonce == 3);
}

TEST_CASE("the hash differs when anything that decides the validity of a block does") {
  const Hash original = hash_of(test::kSampleGenesis);
  const std::pair<const char*, const char*> changes[] = {
      {"1337", "1338"},
      {"00000000000000000000000000000000000000f0", "00000000000000000000000000000000000000f1"},
      {"\"minBaseFeePerGas\": \"7\"", "\"minBaseFeePerGas\": \"8\""},
      {"\"elasticityMultiplier\": 2", "\"elasticityMultiplier\": 3"},
      {"\"baseFeeMaxChangeDenominator\": 8", "\"baseFeeMaxChangeDenominator\": 9"},
      {"\"blockperiodseconds\": 2", "\"blockperiodseconds\": 3"},
      {"\"epochlength\": 30000", "\"epochlength\": 30001"},
      {"0x58ee40ba", "0x58ee40bb"},
      {"0x47b760", "0x47b761"},
      {"0x3b9aca00", "0x3b9aca01"},
      {"\"90000000000000000000000\"", "\"90000000000000000000001\""},
      {"\"nonce\": 3", "\"nonce\": 4"},
      {"d594fe3b557e8fb62b89f4916b721be55ceb828dbd73", "d594fe3b557e8fb62b89f4916b721be55ceb828dbd74"},
  };
  for (const auto& [from, to] : changes) {
    CAPTURE(to);
    CHECK(hash_of(sample_with(from, to)) != original);
  }
}

TEST_CASE("the hash does not depend on how the file is written, nor on what a node may choose") {
  const Hash original = hash_of(test::kSampleGenesis);
  CHECK(hash_of(render_genesis(sample())) == original);
  CHECK(hash_of(sample_with("\"an operator\"", "\"somebody\"")) == original);
  CHECK(hash_of(sample_with("\"requesttimeoutseconds\": 4", "\"requesttimeoutseconds\": 9")) == original);
  CHECK(hash_of(sample_with("\"emptyblockperiodseconds\": 60", "\"emptyblockperiodseconds\": 5")) ==
        original);
}

TEST_CASE("a genesis without usable validators makes no block") {
  Genesis genesis = sample();
  genesis.extra_data.clear();
  CHECK(refusal(genesis).starts_with("genesis: extraData: "));
  CHECK(refusal(with_validators(genesis, {})) == "genesis: extraData: names no validators");
  const Address twice[] = {test::address_of(1), test::address_of(1)};
  CHECK(refusal(with_validators(genesis, twice)) ==
        "genesis: extraData: the validators are not in strictly ascending order");
  const auto devnet = parse_genesis(devnet_json());
  CHECK(refusal(*devnet) == "genesis: extraData: names no validators");
}

TEST_CASE("a genesis made by a program is checked like one from a file") {
  Genesis genesis = sample();
  genesis.gas_limit = 1;
  CHECK(refusal(genesis) == "genesis: gasLimit: 1 is not between 21000 and 9223372036854775807");
  genesis = sample();
  genesis.alloc.clear();
  genesis.alloc[test::address_of(1)].balance = Amount::from_units(Amount::max().units() / 2);
  CHECK(build_genesis(genesis, {}).has_value());
  genesis.alloc[test::address_of(2)].balance = Amount(1);
  CHECK(refusal(genesis) == "genesis: alloc: the balances add up to more than 2^127 - 1");
}

TEST_CASE("money cannot be allocated to the chain's own accounts") {
  const TestModule module(test::address_of(0xbc));
  const Module* modules[] = {&module};
  Genesis genesis = sample();
  genesis.alloc[module.address()].balance = Amount(1);
  CHECK(refusal(genesis, modules) ==
        "genesis: alloc.0x00000000000000000000000000000000000000Bc: belongs to the chain itself");
  genesis = sample();
  genesis.alloc[kChainRecordAddress].balance = Amount(1);
  CHECK(refusal(genesis).ends_with(": belongs to the chain itself"));
  genesis = sample();
  genesis.rules.treasury = module.address();
  CHECK(refusal(genesis, modules) == "genesis: config.treasury: belongs to the chain itself");
}

TEST_CASE("a module that refuses its parameters refuses the genesis") {
  TestModule module(test::address_of(0xbc));
  module.on_genesis = [](State&, std::string_view) {
    return Result<void>(fail(ErrorCode::invalid_input, "marketplace.minStake: is negative"));
  };
  const Module* modules[] = {&module};
  CHECK(refusal(sample(), modules) == "marketplace.minStake: is negative");
}
