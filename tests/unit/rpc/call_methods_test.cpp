#include "codec/abi.hpp"
#include "codec/hex.hpp"
#include "tests/unit/rpc/world.hpp"

namespace aitbc::rpc::test {
namespace {

std::string to_contract(const Bytes& data, std::string_view more = "") {
  return R"({"from":)" + quoted(key_of(1).address()) + R"(,"to":)" + quoted(contract_address()) +
         R"(,"input":)" + quoted(data) + std::string(more) + "}";
}
std::string params(const Bytes& data, std::string_view more = "") {
  return "[" + to_contract(data, more) + "]";
}

// What kTimestamp returns.
std::pair<std::uint64_t, std::uint64_t> time_and_number(const json::value& output) {
  const Bytes bytes = *hex::decode(text(output));
  REQUIRE(bytes.size() == 64);
  return {read_be64(ByteView(bytes).subspan(24)), read_be64(ByteView(bytes).subspan(56))};
}

}  // namespace

TEST_CASE("a call returns what the contract returns and changes nothing") {
  World world;
  CHECK(world.ask("eth_call", params({kReturn, 0xca, 0xfe})) == "0xcafe");
  CHECK(world.ask("eth_call", params({kStore, 1})) == "0x");
  CHECK(world.ask("eth_blockNumber") == "0x0");
  CHECK(world.ask("eth_call", R"([{"to":)" + quoted(key_of(9).address()) + "}]") == "0x");
}

TEST_CASE("a revert is code 3 with the revert data, and the reason when there is one") {
  World world;
  json::value error = world.respond("eth_call", params({kRevert})).at("error");
  CHECK(error.at("code") == 3);
  CHECK(error.at("message") == "execution reverted: no luck");
  CHECK(text(error.at("data")) == hex::encode_prefixed(abi::encode_error_string("no luck")));
  error = world.respond("eth_call", params({kRevertCustom, 0xde, 0xad, 0xbe, 0xef, 1})).at("error");
  CHECK(error.at("message") == "execution reverted");
  CHECK(error.at("data") == "0xdeadbeef01");
  CHECK(world.error("eth_estimateGas", params({kRevert})) == "3 execution reverted: no luck");
  // Cut-off error data is no reason to stumble.
  CHECK(world.error("eth_call", params({kRevertCustom, 0x08, 0xc3, 0x79, 0xa0, 0xff})) ==
        "3 execution reverted");
}

TEST_CASE("a call sees the validators of the block asked for; the next block has the head's") {
  World world;
  const Address first = key_of(200).address();
  const Address second = key_of(201).address();
  world.vote_in({&second, 1});
  world.commit(world.sign({}));
  const auto validators_at = [&](std::string_view block) {
    const json::value shown =
        world.ask("eth_call", "[" + to_contract({kValidators}) + ",\"" + std::string(block) + "\"]");
    return std::string(text(shown));
  };
  CHECK(validators_at("0x0") == hex::encode_prefixed(first));
  CHECK(validators_at("latest") == hex::encode_prefixed(second));
  CHECK(validators_at("pending") == hex::encode_prefixed(second));
}

TEST_CASE("a call happens in the block asked for, or in the next one at the present time") {
  World world;
  world.commit(world.sign({}));
  world.commit(world.sign({.nonce = 1}));
  const Seconds head_time = world.chain().view()->head.timestamp;
  world.now = head_time + 50;
  const std::string call = to_contract({kTimestamp});
  using Pair = std::pair<std::uint64_t, std::uint64_t>;
  CHECK(time_and_number(world.ask("eth_call", "[" + call + "]")) == Pair{head_time, 2});
  CHECK(time_and_number(world.ask("eth_call", "[" + call + R"(,"0x1"])")) == Pair{head_time - 1, 1});
  CHECK(time_and_number(world.ask("eth_call", "[" + call + R"(,"pending"])")) == Pair{head_time + 50, 3});
  CHECK(world.error("eth_call", "[" + call + R"(,"0x9"])") == "-32000 header not found");
}

TEST_CASE("what cannot even start says why") {
  World world;
  CHECK(world.error("eth_call", params({}, R"(,"value":"0xffffffffffffffffffffffffffffff")"))
            .find("-32000 insufficient funds") == 0);
  CHECK(world.error("eth_call", params({}, R"(,"value":"0x)" + std::string(64, 'f') + "\""))
            .find("-32000 insufficient funds") == 0);
  CHECK(world.error("eth_call", params({}, R"(,"gas":"0x10")")) == "-32000 intrinsic gas too low");
  CHECK(world.error("eth_call", R"([{"input":"0x60"}])").find("-32000 ") == 0);
  CHECK(world.error("eth_call", R"(["x"])").find("-32602 invalid argument 0") == 0);
}

TEST_CASE("an estimate is the gas that is needed, no more") {
  World world;
  const auto intrinsic = [&](const Bytes& data) {
    return *intrinsic_gas(world.sign({.to = contract_address(), .data = data})->transaction);
  };
  CHECK(text(world.ask("eth_estimateGas", params({kReturn}))) == hex_of(intrinsic({kReturn}) + 100));
  CHECK(world.ask("eth_estimateGas", R"([{"to":)" + quoted(key_of(9).address()) + "}]") == "0x5208");
  // A contract that wants to see more gas than it uses needs that much.
  CHECK(text(world.ask("eth_estimateGas", params({kWantsGas}))) == hex_of(intrinsic({kWantsGas}) + 100'000));
  CHECK(text(world.ask("eth_estimateGas", "[" + to_contract({kReturn}) + R"(,"latest"])")) ==
        hex_of(intrinsic({kReturn}) + 100));
}

TEST_CASE("an estimate minds the limit and the fee that the caller names") {
  World world;
  CHECK(world.error("eth_estimateGas", params({kWantsGas}, R"(,"gas":"0x7530")")) == "3 execution reverted");
  // The zero address owns nothing.
  CHECK(
      world.error("eth_estimateGas", R"([{"to":)" + quoted(contract_address()) + R"(,"gasPrice":"0x1"}])") ==
      "-32000 gas required exceeds allowance (0)");
  CHECK(world.ask("eth_estimateGas", params({kReturn}, R"(,"maxFeePerGas":"0x3b9aca00")")).is_string());
}

TEST_CASE("a call knows the hashes of the blocks before its own, as a heartbeat needs them") {
  World world;
  std::vector<Hash> hashes{world.head_hash()};  // by height
  const auto commit = [&](int blocks) {
    for (int i = 0; i < blocks; ++i) {
      world.commit(std::span<const TransactionPtr>());
      hashes.push_back(world.head_hash());
    }
  };
  const auto heartbeat = [](const Hash& recent, std::string_view block = "") {
    Bytes data{kHeartbeat};
    append(data, recent);
    return "[" + to_contract(data) + std::string(block) + "]";
  };
  constexpr const char* kRefused = "3 execution reverted";
  commit(2);
  for (const Hash& hash : hashes) CHECK(world.ask("eth_estimateGas", heartbeat(hash)).is_string());
  CHECK(world.error("eth_estimateGas", heartbeat(keccak256(as_bytes("never")))) == kRefused);
  CHECK(world.ask("eth_call", heartbeat(hashes[2], R"(,"pending")")) == "0x");
  // An existing block comes after its parent, not after itself.
  CHECK(world.error("eth_call", heartbeat(hashes[2], R"(,"0x2")")) == kRefused);
  CHECK(world.ask("eth_call", heartbeat(hashes[1], R"(,"0x2")")) == "0x");
  CHECK(world.error("eth_call", heartbeat(hashes[1], R"(,"0x1")")) == kRefused);
  CHECK(world.ask("eth_call", heartbeat(hashes[0], R"(,"0x1")")) == "0x");
  // 256 blocks are recent, as for Ethereum's BLOCKHASH.
  commit(254);
  CHECK(world.ask("eth_estimateGas", heartbeat(hashes[1])).is_string());
  CHECK(world.error("eth_estimateGas", heartbeat(hashes[0])) == kRefused);
}

}  // namespace aitbc::rpc::test
