#include <doctest/doctest.h>

#include "tests/unit/execution/chain_fixture.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

SimulatedCall call_to(const Address& to) {
  SimulatedCall call;
  call.from = address_of(0x99);  // no funds
  call.to = to;
  call.gas_limit = 1'000'000;
  return call;
}

SimulationResult run(const ChainFixture& chain, const SimulatedCall& call) {
  const auto result = simulate(chain.rules, chain.block, call, chain.state, chain.modules);
  REQUIRE(result.has_value());
  return *result;
}

}  // namespace

TEST_CASE("a call from an account without funds works, as it pays for no gas") {
  ChainFixture chain;
  chain.module.on_call = [](State&, const CallContext& context, ByteView calldata) {
    CHECK(context.caller == address_of(0x99));
    CHECK(context.transaction_hash.is_zero());
    CHECK(context.gas_available == 1'000'000 - 21'016);
    return CallResult{true, to_bytes(calldata), {log_of(kModuleAddress, "Echo")}, 300};
  };
  SimulatedCall call = call_to(kModuleAddress);
  call.data = {7};
  const SimulationResult result = run(chain, call);
  CHECK(result.succeeded);
  CHECK_FALSE(result.error.has_value());
  CHECK(result.output == Bytes{7});
  CHECK(result.gas_used == 21'016 + 300);
  CHECK(result.logs.size() == 1);
}

TEST_CASE("a revert gives its data") {
  ChainFixture chain;
  chain.module.on_call = [](State&, const CallContext&, ByteView) {
    return CallResult{false, {1, 2, 3, 4}, {}, 10};
  };
  const SimulationResult result = run(chain, call_to(kModuleAddress));
  CHECK_FALSE(result.succeeded);
  CHECK(result.output == Bytes{1, 2, 3, 4});
  CHECK(result.gas_used == 21'010);
  CHECK_FALSE(result.error.has_value());
}

TEST_CASE("a call to an account without code succeeds with nothing") {
  const ChainFixture chain;
  const SimulationResult result = run(chain, call_to(kBob));
  CHECK(result.succeeded);
  CHECK(result.output.empty());
  CHECK(result.gas_used == 21'000);
}

TEST_CASE("value needs a balance, and the module sees it") {
  ChainFixture chain;
  chain.module.on_call = [](State& state, const CallContext& context, ByteView) {
    CHECK(context.value == Amount(5));
    CHECK(state.balance(kModuleAddress) == Amount(5));
    return CallResult{true, {}, {}, 0};
  };
  SimulatedCall call = call_to(kModuleAddress);
  call.value = Amount(5);
  const SimulationResult poor = run(chain, call);
  CHECK_FALSE(poor.succeeded);
  CHECK(poor.error == "insufficient funds for gas * price + value");
  call.from = kAlice;
  CHECK(run(chain, call).succeeded);
  CHECK(chain.balance(kAlice) == Amount(10'000'000));
}

TEST_CASE("too little gas for the data and a missing recipient are errors, not reverts") {
  const ChainFixture chain;
  SimulatedCall call = call_to(kModuleAddress);
  call.gas_limit = 20'999;
  CHECK(run(chain, call).error == "intrinsic gas too low");
  call = call_to(kModuleAddress);
  call.to.reset();
  CHECK(run(chain, call).error == "contract creation is not supported");
}

TEST_CASE("a disk that fails is the simulation's error") {
  ChainFixture chain;
  chain.state.failure = Error{ErrorCode::io, "read failed"};
  SimulatedCall call = call_to(kModuleAddress);
  call.value = Amount(1);
  const auto result = simulate(chain.rules, chain.block, call, chain.state, chain.modules);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::io);
}
