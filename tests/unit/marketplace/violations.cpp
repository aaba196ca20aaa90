#include "violations.hpp"

#include "execution/transition.hpp"

namespace aitbc::market::test {

void Violations::refused_data(std::string_view error, const Address& from, const Bytes& data, Amount value) {
  const CallResult result = m.send(from, data, value);
  REQUIRE_FALSE(result.succeeded);
  const std::string text = describe_error(result.output);
  CHECK(text.substr(0, text.find('(')) == error);
  errors.emplace(error);
  changes_nothing(from, data, value);
}

void Violations::changes_nothing(const Address& from, const Bytes& data, Amount value) {
  const StateView& before = m.view();
  RecoveredTransaction transaction;
  transaction.transaction.chain_id = 7;
  transaction.transaction.gas_limit = 20'000'000;
  transaction.transaction.to = kContract;
  transaction.transaction.value = Uint256(static_cast<std::uint64_t>(value.units()));
  transaction.transaction.data = data;
  transaction.sender = from;
  ChainRules rules;
  rules.chain_id = 7;
  BlockContext block = m.block();
  block.gas_limit = 30'000'000;
  const Module* modules[] = {&m.module()};
  BlockExecutor executor(rules, block, before, modules);
  REQUIRE(executor.apply(transaction) == Rejection::none);
  const auto outcome = std::move(executor).finish();
  REQUIRE(outcome.has_value());
  CHECK_FALSE(outcome->receipts.at(0).succeeded);
  CHECK(outcome->receipts.at(0).logs.empty());
  // No storage changed, so neither did the contract's storage root; no balance changed either.
  CHECK(outcome->diff.storage.empty());
  REQUIRE(outcome->diff.accounts.size() == 1);
  const AccountChange& sender = outcome->diff.accounts[0];
  CHECK(sender.address == from);
  CHECK(sender.after->balance == (sender.before ? sender.before->balance : Amount{}));
}

}  // namespace aitbc::market::test
