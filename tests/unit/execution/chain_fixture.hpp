// A small chain to execute blocks on: pre-state, rules and one module; expectations are compared with what a
// block leaves.
#pragma once

#include <doctest/doctest.h>

#include <memory>

#include "crypto/keccak.hpp"
#include "execution/transition.hpp"
#include "tests/support/map_state_view.hpp"
#include "tests/support/test_module.hpp"

namespace aitbc::test {

inline const Address kAlice = address_of(0xa1);
inline const Address kBob = address_of(0xb0);
inline const Address kProposer = address_of(0xc0);
inline const Address kTreasury = address_of(0xf0);
inline const Address kModuleAddress = address_of(0xbc);

inline constexpr Gas kTransferGas = 21'000;

// A dynamic-fee transfer of 1000 units from Alice to Bob that pays base fee 10 and tip 2; tests change what
// they are about.
struct Draft {
  Address sender = kAlice;
  Transaction transaction;

  Draft() {
    transaction.chain_id = 7;
    transaction.gas_limit = kTransferGas;
    transaction.max_fee_per_gas = 20;
    transaction.max_priority_fee_per_gas = 2;
    transaction.to = kBob;
    transaction.value = 1000;
  }
  TransactionPtr build() const {
    auto built = std::make_shared<RecoveredTransaction>();
    built->transaction = transaction;
    built->sender = sender;
    built->hash = keccak256(signing_hash(transaction));
    return built;
  }
};

struct ChainFixture {
  ChainRules rules;
  BlockContext block;
  MapStateView state;
  TestModule module{kModuleAddress};
  std::vector<const Module*> modules{&module};

  ChainFixture() {
    rules.chain_id = 7;
    rules.treasury = kTreasury;
    block.number = 5;
    block.timestamp = 1000;
    block.coinbase = kProposer;
    block.gas_limit = 1'000'000;
    block.base_fee = Amount(10);
    block.chain_id = 7;
    state.fund(kAlice, Amount(10'000'000));
    Account contract = Account::empty();
    contract.nonce = 1;
    contract.code_hash = keccak256(module.code());
    state.accounts[kModuleAddress] = contract;
  }

  Result<BlockOutcome> execute(const std::vector<Draft>& drafts) const {
    std::vector<TransactionPtr> transactions;
    for (const Draft& draft : drafts) transactions.push_back(draft.build());
    return aitbc::execute(rules, block, transactions, state, modules);
  }
  // Executes, requires success, and moves the state on.
  BlockOutcome commit(const std::vector<Draft>& drafts) {
    auto outcome = execute(drafts);
    REQUIRE_MESSAGE(outcome.has_value(), (outcome ? "" : outcome.error().message));
    state.apply(outcome->diff);
    return std::move(*outcome);
  }
  // What one transaction is told; the state stays.
  Rejection reject(const Draft& draft) const {
    BlockExecutor executor(rules, block, state, modules);
    const Rejection rejection = executor.apply(*draft.build());
    if (rejection != Rejection::none && rejection != Rejection::local_failure) {
      CHECK(executor.gas_left() == block.gas_limit);
      const auto outcome = std::move(executor).finish();
      REQUIRE(outcome.has_value());
      CHECK(outcome->diff.accounts.empty());
      CHECK(outcome->receipts.empty());
    }
    return rejection;
  }
  Amount balance(const Address& address) const {
    const auto found = state.accounts.find(address);
    return found == state.accounts.end() ? Amount{} : found->second.balance;
  }
  Nonce nonce(const Address& address) const {
    const auto found = state.accounts.find(address);
    return found == state.accounts.end() ? 0 : found->second.nonce;
  }
};

}  // namespace aitbc::test
