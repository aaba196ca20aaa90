#include <doctest/doctest.h>

#include "tests/unit/execution/chain_fixture.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

Draft call_with(std::uint64_t value) {
  Draft draft;
  draft.transaction.to = kModuleAddress;
  draft.transaction.gas_limit = 100'000;
  draft.transaction.value = value;
  return draft;
}

Bytes text(std::string_view words) { return to_bytes(as_bytes(words)); }

}  // namespace

TEST_CASE("a call that succeeds keeps its value, changes and logs, and pays the gas it used") {
  ChainFixture chain;
  CallContext seen{chain.block, {}, {}, {}, 0};
  chain.module.on_call = [&](State& state, const CallContext& context, ByteView calldata) {
    seen.caller = context.caller;
    seen.value = context.value;
    seen.transaction_hash = context.transaction_hash;
    seen.gas_available = context.gas_available;
    CHECK(state.balance(kModuleAddress) == Amount(700));
    state.put(kModuleAddress, as_bytes("said"), to_bytes(calldata));
    return CallResult{true, text("thanks"), {log_of(kModuleAddress, "Said")}, 5000};
  };
  Draft draft = call_with(700);
  draft.transaction.data = text("hi");
  const BlockOutcome outcome = chain.commit({draft});
  const Gas intrinsic = 21'000 + 32;
  CHECK(seen.caller == kAlice);
  CHECK(seen.value == Amount(700));
  CHECK(seen.transaction_hash == draft.build()->hash);
  CHECK(seen.gas_available == 100'000 - intrinsic);
  REQUIRE(outcome.receipts.size() == 1);
  CHECK(outcome.receipts[0].succeeded);
  CHECK(outcome.receipts[0].cumulative_gas_used == intrinsic + 5000);
  CHECK(outcome.receipts[0].logs.size() == 1);
  CHECK(outcome.receipts[0].bloom == bloom_of(outcome.receipts[0].logs));
  CHECK(outcome.bloom == outcome.receipts[0].bloom);
  CHECK(chain.balance(kModuleAddress) == Amount(700));
  CHECK(chain.state.storage_entries.at({kModuleAddress, text("said")}) == text("hi"));
}

TEST_CASE("a call that reverts leaves only the nonce and the gas it used") {
  ChainFixture chain;
  chain.module.on_call = [](State& state, const CallContext&, ByteView) {
    state.put(kModuleAddress, as_bytes("half"), text("done"));
    CHECK(state.mint(kBob, Amount(1)));
    CHECK(state.transfer(kModuleAddress, kBob, Amount(700)));
    return CallResult{false, text("no"), {}, 9000};
  };
  const BlockOutcome outcome = chain.commit({call_with(700)});
  CHECK_FALSE(outcome.receipts[0].succeeded);
  CHECK(outcome.receipts[0].logs.empty());
  CHECK(outcome.gas_used[0] == 30'000);
  CHECK(outcome.diff.minted.is_zero());
  CHECK(outcome.diff.storage.empty());
  CHECK(chain.nonce(kAlice) == 1);
  CHECK(chain.balance(kAlice) == Amount(10'000'000 - 30'000 * 12));
  CHECK(chain.balance(kModuleAddress).is_zero());
  CHECK_FALSE(chain.state.accounts.contains(kBob));
}

TEST_CASE("a call that runs out of gas pays for its whole limit") {
  ChainFixture chain;
  chain.module.on_call = [](State&, const CallContext& context, ByteView) {
    return CallResult{false, {}, {}, context.gas_available};
  };
  const BlockOutcome outcome = chain.commit({call_with(0)});
  CHECK_FALSE(outcome.receipts[0].succeeded);
  CHECK(outcome.gas_used[0] == 100'000);
  CHECK(chain.balance(kAlice) == Amount(10'000'000 - 100'000 * 12));
}

TEST_CASE("a failed call does not undo what earlier transactions of the block did") {
  ChainFixture chain;
  int calls = 0;
  chain.module.on_call = [&](State& state, const CallContext&, ByteView) {
    state.put(kModuleAddress, as_bytes("n"), {static_cast<std::uint8_t>(++calls)});
    return CallResult{calls == 1, {}, {}, 0};
  };
  Draft second = call_with(0);
  second.transaction.nonce = 1;
  chain.commit({call_with(0), second});
  CHECK(chain.state.storage_entries.at({kModuleAddress, text("n")}) == Bytes{1});
}

TEST_CASE("money that a module makes and destroys is counted in the diff and in the state's supply") {
  ChainFixture chain;
  chain.module.on_call = [](State& state, const CallContext&, ByteView) {
    const bool done = state.mint(kBob, Amount(500)) && state.burn(kModuleAddress, Amount(200));
    return CallResult{done, {}, {}, 0};
  };
  const BlockOutcome outcome = chain.commit({call_with(700)});
  CHECK(outcome.diff.minted == Amount(500));
  CHECK(outcome.diff.burned == Amount(200));
  CHECK(chain.balance(kBob) == Amount(500));
  CHECK(chain.balance(kModuleAddress) == Amount(500));
}

TEST_CASE("logs of end-of-block work are in a receipt of their own, after the transactions'") {
  ChainFixture chain;
  chain.module.on_end_block = [](State& state, const BlockContext& block, Logs& logs) {
    CHECK(block.timestamp == 1000);
    state.put(kModuleAddress, as_bytes("closed"), {1});
    logs.push_back(log_of(kModuleAddress, "Expired"));
  };
  const BlockOutcome outcome = chain.commit({Draft{}});
  REQUIRE(outcome.receipts.size() == 2);
  const Receipt& system = outcome.receipts[1];
  CHECK(system.type == TransactionType::legacy);
  CHECK(system.succeeded);
  CHECK(system.cumulative_gas_used == 21'000);
  CHECK(system.logs.size() == 1);
  CHECK(outcome.bloom == system.bloom);
  CHECK(outcome.gas_used.size() == 1);
  CHECK(outcome.total_gas_used == 21'000);
  CHECK(chain.state.storage_entries.contains({kModuleAddress, text("closed")}));
}

TEST_CASE("end-of-block work runs in the order of the modules' addresses, whatever the order given") {
  ChainFixture chain;
  TestModule low(address_of(1));
  TestModule high(address_of(2));
  low.on_end_block = [](State&, const BlockContext&, Logs& logs) {
    logs.push_back(log_of(address_of(1), "a"));
  };
  high.on_end_block = [](State&, const BlockContext&, Logs& logs) {
    logs.push_back(log_of(address_of(2), "b"));
  };
  chain.modules = {&high, &low};
  const BlockOutcome outcome = chain.commit({});
  REQUIRE(outcome.receipts.size() == 1);
  REQUIRE(outcome.receipts[0].logs.size() == 2);
  CHECK(outcome.receipts[0].logs[0].address == address_of(1));
}

TEST_CASE("a disk that fails during a call is a local failure") {
  ChainFixture chain;
  chain.module.on_call = [&](State& state, const CallContext&, ByteView) {
    chain.state.failure = Error{ErrorCode::corruption, "checksum"};
    const bool there = state.get(kModuleAddress, as_bytes("k")) != nullptr;
    return CallResult{!there, {}, {}, 0};
  };
  CHECK(chain.reject(call_with(0)) == Rejection::local_failure);
  chain.state.failure.reset();
  const auto outcome = chain.execute({call_with(0)});
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == ErrorCode::corruption);
}

TEST_CASE("a disk that fails during end-of-block work is a local failure") {
  ChainFixture chain;
  chain.module.on_end_block = [&](State& state, const BlockContext&, Logs&) {
    chain.state.failure = Error{ErrorCode::io, "read failed"};
    CHECK_FALSE(state.lower_bound(kModuleAddress, {}).has_value());
  };
  const auto outcome = chain.execute({Draft{}});
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == ErrorCode::io);
}

TEST_CASE("each block's end-of-block work has a hash of its own") {
  CHECK(system_transaction_hash(1) == system_transaction_hash(1));
  CHECK(system_transaction_hash(1) != system_transaction_hash(2));
}
