#include <doctest/doctest.h>

#include <random>

#include "tests/unit/execution/chain_fixture.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

// One transaction on the fixture's chain, and what must be there afterwards.
struct Case {
  const char* name;
  std::function<void(Draft&)> draft;
  Gas gas_used;
  std::uint64_t gas_price;  // effective
  std::uint64_t alice;
  std::uint64_t bob;
  std::uint64_t proposer;
  std::uint64_t treasury;
};

constexpr std::uint64_t kFunds = 10'000'000;

void expect(const Case& c) {
  CAPTURE(c.name);
  ChainFixture chain;
  Draft draft;
  c.draft(draft);
  const BlockOutcome outcome = chain.commit({draft});
  REQUIRE(outcome.receipts.size() == 1);
  CHECK(outcome.receipts[0].succeeded);
  CHECK(outcome.receipts[0].type == draft.transaction.type);
  CHECK(outcome.receipts[0].cumulative_gas_used == c.gas_used);
  CHECK(outcome.receipts[0].bloom.is_zero());
  CHECK(outcome.gas_used == std::vector<Gas>{c.gas_used});
  CHECK(outcome.effective_gas_price == std::vector<Amount>{Amount(c.gas_price)});
  CHECK(outcome.total_gas_used == c.gas_used);
  CHECK(chain.nonce(kAlice) == 1);
  CHECK(chain.balance(kAlice) == Amount(c.alice));
  CHECK(chain.balance(kBob) == Amount(c.bob));
  CHECK(chain.balance(kProposer) == Amount(c.proposer));
  CHECK(chain.balance(kTreasury) == Amount(c.treasury));
}

}  // namespace

TEST_CASE("transfers pay value, tip and base fee to whom they belong") {
  const Case cases[] = {
      {"tip within the cap", [](Draft&) {}, 21'000, 12, kFunds - 1000 - 21'000 * 12, 1000, 21'000 * 2,
       21'000 * 10},
      {"tip cut by the cap",
       [](Draft& d) {
         d.transaction.max_fee_per_gas = 11;
         d.transaction.max_priority_fee_per_gas = 5;
       },
       21'000, 11, kFunds - 1000 - 21'000 * 11, 1000, 21'000, 21'000 * 10},
      {"no tip", [](Draft& d) { d.transaction.max_priority_fee_per_gas = 0; }, 21'000, 10,
       kFunds - 1000 - 21'000 * 10, 1000, 0, 21'000 * 10},
      {"legacy: the whole gas price is paid",
       [](Draft& d) {
         d.transaction.type = TransactionType::legacy;
         d.transaction.max_fee_per_gas = d.transaction.max_priority_fee_per_gas = 15;
       },
       21'000, 15, kFunds - 1000 - 21'000 * 15, 1000, 21'000 * 5, 21'000 * 10},
      {"unused gas is paid back", [](Draft& d) { d.transaction.gas_limit = 400'000; }, 21'000, 12,
       kFunds - 1000 - 21'000 * 12, 1000, 21'000 * 2, 21'000 * 10},
      {"data and access list cost intrinsic gas",
       [](Draft& d) {
         d.transaction.type = TransactionType::access_list;
         d.transaction.max_fee_per_gas = d.transaction.max_priority_fee_per_gas = 12;
         d.transaction.gas_limit = 100'000;
         d.transaction.data = {0, 1, 2};
         d.transaction.access_list = {{kBob, {Hash{}, Hash{}}}};
       },
       21'000 + 4 + 32 + 2400 + 3800, 12, kFunds - 1000 - 27'236 * 12, 1000, 27'236 * 2, 27'236 * 10},
      {"no value", [](Draft& d) { d.transaction.value = 0; }, 21'000, 12, kFunds - 21'000 * 12, 0, 21'000 * 2,
       21'000 * 10},
      {"to oneself", [](Draft& d) { d.transaction.to = kAlice; }, 21'000, 12, kFunds - 21'000 * 12, 0,
       21'000 * 2, 21'000 * 10},
  };
  for (const Case& c : cases) expect(c);
}

TEST_CASE("without a base fee the sender pays the tip only, and may pay nothing") {
  ChainFixture chain;
  chain.rules.zero_base_fee = true;
  chain.block.base_fee = Amount{};
  Draft free;
  free.transaction.max_fee_per_gas = free.transaction.max_priority_fee_per_gas = 0;
  Draft tipping;
  tipping.transaction.nonce = 1;
  chain.commit({free, tipping});
  CHECK(chain.balance(kAlice) == Amount(kFunds - 2000 - 21'000 * 2));
  CHECK(chain.balance(kProposer) == Amount(21'000 * 2));
  CHECK(chain.balance(kTreasury).is_zero());
}

TEST_CASE("a recipient can spend in the same block what it was just sent") {
  ChainFixture chain;
  Draft fund;
  fund.transaction.value = 5'000'000;
  Draft spend;
  spend.sender = kBob;
  spend.transaction.to = kAlice;
  const BlockOutcome outcome = chain.commit({fund, spend});
  CHECK(outcome.receipts[1].cumulative_gas_used == 42'000);
  CHECK(chain.balance(kBob) == Amount(5'000'000 - 1000 - 21'000 * 12));
}

TEST_CASE("the proposer can spend its tips, and the sender may be proposer or treasury") {
  ChainFixture chain;
  chain.block.coinbase = kAlice;
  chain.rules.treasury = kAlice;
  chain.commit({Draft{}});
  CHECK(chain.balance(kAlice) == Amount(kFunds - 1000));
}

TEST_CASE("an account that spends everything keeps its nonce and stays") {
  ChainFixture chain;
  chain.state.fund(kAlice, Amount(21'000 * 20 + 1000));
  Draft all;
  all.transaction.max_priority_fee_per_gas = 10;
  chain.commit({all});
  CHECK(chain.balance(kAlice).is_zero());
  CHECK(chain.nonce(kAlice) == 1);
}

TEST_CASE("a transfer of nothing to nobody leaves no account behind") {
  ChainFixture chain;
  Draft nothing;
  nothing.transaction.value = 0;
  chain.commit({nothing});
  CHECK_FALSE(chain.state.accounts.contains(kBob));
}

TEST_CASE("an empty block changes nothing") {
  ChainFixture chain;
  const BlockOutcome outcome = chain.commit({});
  CHECK(outcome.receipts.empty());
  CHECK(outcome.diff.accounts.empty());
  CHECK(outcome.total_gas_used == 0);
}

TEST_CASE("executing one block twice gives the same outcome") {
  const ChainFixture chain;
  std::vector<Draft> drafts(50);
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    drafts[i].transaction.nonce = i;
    drafts[i].transaction.to = address_of(static_cast<std::uint8_t>(i));
    drafts[i].transaction.max_fee_per_gas = 11;
    drafts[i].transaction.max_priority_fee_per_gas = 1;
    drafts[i].transaction.gas_limit = kTransferGas;
  }
  ChainFixture first = chain;
  first.block.gas_limit = 50 * kTransferGas;
  first.state.fund(kAlice, Amount(100'000'000));
  ChainFixture second = first;
  CHECK(first.commit(drafts).receipts == second.commit(drafts).receipts);
  CHECK(first.state.accounts == second.state.accounts);
}

TEST_CASE("money is conserved over random transfers between few accounts") {
  std::mt19937_64 random(42);
  ChainFixture chain;
  for (std::uint8_t i = 0; i < 5; ++i) chain.state.fund(address_of(i), Amount(random() % 200'000'000));
  const auto total = [&] {
    uint128 sum = 0;
    for (const auto& [address, account] : chain.state.accounts) sum += account.balance.units();
    return sum;
  };
  const uint128 before = total();
  std::size_t included = 0;
  std::map<Address, Nonce> nonces;
  for (int height = 0; height < 40; ++height) {
    chain.block.coinbase = address_of(static_cast<std::uint8_t>(random() % 6));
    BlockExecutor executor(chain.rules, chain.block, chain.state, chain.modules);
    for (int i = 0; i < 20; ++i) {
      Draft draft;
      draft.sender = address_of(static_cast<std::uint8_t>(random() % 5));
      draft.transaction.to = address_of(static_cast<std::uint8_t>(random() % 7));
      draft.transaction.nonce = nonces[draft.sender] + (random() % 4 == 0 ? 1 : 0);
      draft.transaction.value = random() % 3'000'000;
      draft.transaction.max_fee_per_gas = 8 + random() % 10;
      draft.transaction.max_priority_fee_per_gas = random() % 10;
      if (executor.apply(*draft.build()) != Rejection::none) continue;
      ++included;
      ++nonces[draft.sender];
    }
    const auto outcome = std::move(executor).finish();
    REQUIRE(outcome.has_value());
    chain.state.apply(outcome->diff);
    CHECK(total() == before);
  }
  CHECK(included > 200);
}
