#include <doctest/doctest.h>

#include <set>
#include <string>

#include "tests/unit/execution/chain_fixture.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

Draft with(const std::function<void(Transaction&)>& change) {
  Draft draft;
  change(draft.transaction);
  return draft;
}

}  // namespace

TEST_CASE("a transaction that cannot be in the block is told why and changes nothing") {
  ChainFixture chain;
  chain.state.fund(kAlice, Amount(10'000'000), 3);
  const auto reject = [&](const std::function<void(Transaction&)>& change) {
    return chain.reject(with([&](Transaction& t) {
      t.nonce = 3;
      change(t);
    }));
  };
  CHECK(reject([](Transaction&) {}) == Rejection::none);
  CHECK(reject([](Transaction& t) { t.nonce = 2; }) == Rejection::nonce_too_low);
  CHECK(reject([](Transaction& t) { t.nonce = 4; }) == Rejection::nonce_too_high);
  CHECK(reject([](Transaction& t) {
          t.max_fee_per_gas = 9;
          t.max_priority_fee_per_gas = 0;
        }) == Rejection::fee_below_base_fee);
  CHECK(reject([](Transaction& t) { t.max_priority_fee_per_gas = 21; }) == Rejection::tip_above_fee_cap);
  CHECK(reject([](Transaction& t) { t.gas_limit = kTransferGas - 1; }) == Rejection::intrinsic_gas_too_low);
  CHECK(reject([](Transaction& t) { t.data = {1}; }) == Rejection::intrinsic_gas_too_low);
  CHECK(reject([](Transaction& t) { t.gas_limit = 1'000'001; }) == Rejection::gas_limit_exceeds_block);
  CHECK(reject([](Transaction& t) { t.chain_id = 8; }) == Rejection::wrong_chain_id);
  CHECK(reject([](Transaction& t) { t.to.reset(); }) == Rejection::creation_unsupported);
}

TEST_CASE("a legacy transaction without a chain id is refused: anybody could replay it elsewhere") {
  const ChainFixture chain;
  CHECK(chain.reject(with([](Transaction& t) {
    t.type = TransactionType::legacy;
    t.chain_id.reset();
  })) == Rejection::wrong_chain_id);
}

TEST_CASE("the balance must cover the gas limit at the maximum fee, and the value") {
  ChainFixture chain;
  const Amount needed(kTransferGas * 20 + 1000);
  chain.state.fund(kAlice, needed);
  CHECK(chain.reject(Draft{}) == Rejection::none);
  chain.state.fund(kAlice, *checked_sub(needed, Amount(1)));
  CHECK(chain.reject(Draft{}) == Rejection::insufficient_funds);
  chain.state.accounts.erase(kAlice);
  CHECK(chain.reject(Draft{}) == Rejection::insufficient_funds);
}

TEST_CASE("values and costs of more than 128 bits are refused, not wrapped") {
  ChainFixture chain;
  chain.state.fund(kAlice, Amount::max());
  const Uint256 wide = Uint256::from_parts(0, 1, 0, 0);
  const Uint256 largest = Amount::max().to_uint256();
  CHECK(chain.reject(with([&](Transaction& t) { t.value = wide; })) == Rejection::amount_too_large);
  CHECK(chain.reject(with([&](Transaction& t) { t.max_fee_per_gas = wide; })) == Rejection::amount_too_large);
  CHECK(chain.reject(with([&](Transaction& t) { t.max_fee_per_gas = largest; })) ==
        Rejection::amount_too_large);
  CHECK(chain.reject(with([&](Transaction& t) { t.value = largest; })) == Rejection::amount_too_large);
  CHECK(chain.reject(with([&](Transaction& t) { t.max_priority_fee_per_gas = wide; })) ==
        Rejection::tip_above_fee_cap);
}

TEST_CASE("a value that would lift the recipient over 128 bits cannot occur where the supply fits") {
  ChainFixture chain;
  chain.state.fund(kAlice, Amount::from_units(Amount::max().units() - 1));
  chain.state.fund(kBob, Amount(1));
  const auto outcome = chain.execute({with([](Transaction& t) {
    const uint128 all = Amount::max().units() - 1 - uint128{kTransferGas} * 20;
    t.value = Amount::from_units(all).to_uint256();
  })});
  REQUIRE(outcome.has_value());
  CHECK(outcome->receipts[0].succeeded);
}

TEST_CASE("gas left in the block bounds the next transaction's limit") {
  ChainFixture chain;
  chain.block.gas_limit = 2 * kTransferGas + 1;
  BlockExecutor executor(chain.rules, chain.block, chain.state, chain.modules);
  Draft first;
  first.transaction.gas_limit = 2 * kTransferGas;  // only what is used counts
  CHECK(executor.apply(*first.build()) == Rejection::none);
  CHECK(executor.gas_left() == kTransferGas + 1);
  Draft second;
  second.transaction.nonce = 1;
  second.transaction.gas_limit = kTransferGas + 2;
  CHECK(executor.apply(*second.build()) == Rejection::gas_limit_exceeds_block);
  second.transaction.gas_limit = kTransferGas;
  CHECK(executor.apply(*second.build()) == Rejection::none);
  CHECK(executor.gas_left() == 1);
}

TEST_CASE("a proposer goes on after a rejection as if that transaction had never been tried") {
  ChainFixture chain;
  BlockExecutor executor(chain.rules, chain.block, chain.state, chain.modules);
  Draft wrong;
  wrong.transaction.nonce = 9;
  CHECK(executor.apply(*wrong.build()) == Rejection::nonce_too_high);
  CHECK(executor.apply(*Draft{}.build()) == Rejection::none);
  const auto outcome = std::move(executor).finish();
  REQUIRE(outcome.has_value());
  CHECK(outcome->receipts.size() == 1);
  const auto same = chain.execute({Draft{}});
  CHECK(same->diff.accounts.size() == outcome->diff.accounts.size());
}

TEST_CASE("a block with a transaction that cannot be there is invalid, and the message names it") {
  const ChainFixture chain;
  Draft second;
  second.transaction.nonce = 5;
  const auto outcome = chain.execute({Draft{}, second});
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == ErrorCode::invalid_block);
  CHECK(outcome.error().message.starts_with("transaction 1 (0x"));
  CHECK(outcome.error().message.ends_with("): nonce too high"));
}

TEST_CASE("a disk that fails is a local failure, never an invalid block") {
  ChainFixture chain;
  chain.state.failure = Error{ErrorCode::io, "read failed"};
  CHECK(chain.reject(Draft{}) == Rejection::local_failure);
  const auto outcome = chain.execute({Draft{}});
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == ErrorCode::io);
}

TEST_CASE("every rejection has words of its own") {
  std::set<std::string> words;
  for (int i = 0; i <= static_cast<int>(Rejection::local_failure); ++i)
    words.insert(rejection_message(static_cast<Rejection>(i)));
  CHECK(words.size() == static_cast<std::size_t>(Rejection::local_failure) + 1);
  CHECK(words.contains("nonce too low"));
  CHECK(words.contains("insufficient funds for gas * price + value"));
  CHECK(words.contains("max fee per gas less than block base fee"));
}
