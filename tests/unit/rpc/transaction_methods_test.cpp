#include "codec/hex.hpp"
#include "tests/unit/rpc/world.hpp"

namespace aitbc::rpc::test {
namespace {

std::string raw(const TransactionPtr& transaction) { return "[" + quoted(transaction->wire) + "]"; }
std::string by(const Hash& hash) { return "[" + quoted(hash) + "]"; }

const std::set<std::string> kLegacyKeys{"blockHash",
                                        "blockNumber",
                                        "blockTimestamp",
                                        "transactionIndex",
                                        "hash",
                                        "type",
                                        "nonce",
                                        "from",
                                        "to",
                                        "value",
                                        "gas",
                                        "gasPrice",
                                        "input",
                                        "chainId",
                                        "v",
                                        "r",
                                        "s"};

}  // namespace

TEST_CASE("a transaction that is sent can be found in the pool, then in its block") {
  World world;
  const TransactionPtr sent = world.sign({.value = 3, .tip = 5, .max_fee = 1'000'000'000});
  CHECK(text(world.ask("eth_sendRawTransaction", raw(sent))) == hex::encode_prefixed(sent->hash));
  json::value found = world.ask("eth_getTransactionByHash", by(sent->hash));
  CHECK(found.at("blockHash").is_null());
  CHECK(found.at("blockNumber").is_null());
  CHECK(found.at("transactionIndex").is_null());
  CHECK(found.at("gasPrice") == "0x3b9aca00");
  CHECK(world.ask("eth_getTransactionReceipt", by(sent->hash)).is_null());
  CHECK(*hex::decode(text(world.ask("debug_getRawTransaction", by(sent->hash)))) == sent->wire);

  world.commit(sent);
  found = world.ask("eth_getTransactionByHash", by(sent->hash));
  CHECK(text(found.at("blockHash")) == hex::encode_prefixed(world.head_hash()));
  CHECK(found.at("blockNumber") == "0x1");
  CHECK(found.at("transactionIndex") == "0x0");
  const Amount base_fee = *world.chain().view()->head.base_fee_per_gas;
  CHECK(text(found.at("gasPrice")) == hex::quantity(checked_add(base_fee, Amount(5))->to_uint256()));
  CHECK(found.at("maxFeePerGas") == "0x3b9aca00");
  CHECK(found.at("maxPriorityFeePerGas") == "0x5");
  CHECK(world.ask("eth_getTransactionByBlockNumberAndIndex", R"(["0x1","0x0"])") == found);
  CHECK(world.ask("eth_getTransactionByBlockHashAndIndex", "[" + quoted(world.head_hash()) + R"(,"0x0"])") ==
        found);
  CHECK(world.ask("eth_getTransactionByBlockNumberAndIndex", R"(["0x1","0x1"])").is_null());
  CHECK(world.ask("eth_getTransactionByBlockNumberAndIndex", R"(["0x5","0x0"])").is_null());
  CHECK(world.ask("eth_getTransactionByBlockNumberAndIndex", R"(["0x1","0x100000000"])").is_null());
}

TEST_CASE("each type of transaction has its own members") {
  World world;
  const TransactionPtr legacy = world.sign({.type = TransactionType::legacy});
  AccessListEntry entry{contract_address(), {Hash{}}};
  const TransactionPtr listed =
      world.sign({.from = 2, .type = TransactionType::access_list, .access_list = {entry}});
  const TransactionPtr dynamic = world.sign({.from = 3});
  const TransactionPtr all[] = {legacy, listed, dynamic};
  world.commit(all);

  const json::value first = world.ask("eth_getTransactionByHash", by(legacy->hash));
  CHECK(keys_of(first) == kLegacyKeys);
  CHECK(first.at("type") == "0x0");
  const std::uint64_t v = 2 * *legacy->transaction.chain_id + 35 + legacy->transaction.signature.y_parity;
  CHECK(text(first.at("v")) == hex_of(v));

  auto keys = kLegacyKeys;
  keys.insert({"accessList", "yParity"});
  const json::value second = world.ask("eth_getTransactionByHash", by(listed->hash));
  CHECK(keys_of(second) == keys);
  CHECK(second.at("type") == "0x1");
  CHECK(second.at("v") == second.at("yParity"));
  CHECK(text(second.at("accessList").as_array()[0].at("address")) ==
        hex::encode_prefixed(contract_address()));
  CHECK(second.at("accessList").as_array()[0].at("storageKeys").as_array().size() == 1);

  keys.insert({"maxFeePerGas", "maxPriorityFeePerGas"});
  const json::value third = world.ask("eth_getTransactionByHash", by(dynamic->hash));
  CHECK(keys_of(third) == keys);
  CHECK(third.at("type") == "0x2");
}

TEST_CASE("a receipt says what became of it, with its logs") {
  World world;
  const TransactionPtr good = world.sign({.to = contract_address(), .data = {kStore, 1, 2}});
  const TransactionPtr bad = world.sign({.from = 2, .to = contract_address(), .data = {kRevert}});
  const TransactionPtr third = world.sign({.from = 3, .to = contract_address(), .data = {kStore, 3}});
  const TransactionPtr all[] = {good, bad, third};
  world.commit(all);
  json::value receipt = world.ask("eth_getTransactionReceipt", by(good->hash));
  CHECK(keys_of(receipt) == std::set<std::string>{"transactionHash", "transactionIndex", "blockHash",
                                                  "blockNumber", "from", "to", "cumulativeGasUsed", "gasUsed",
                                                  "effectiveGasPrice", "contractAddress", "logs", "logsBloom",
                                                  "status", "type"});
  CHECK(receipt.at("status") == "0x1");
  CHECK(receipt.at("type") == "0x2");
  CHECK(receipt.at("contractAddress").is_null());
  CHECK(text(receipt.at("from")) == hex::encode_prefixed(key_of(1).address()));
  CHECK(receipt.at("gasUsed") == receipt.at("cumulativeGasUsed"));
  const json::value& log = receipt.at("logs").as_array().at(0);
  CHECK(keys_of(log) == std::set<std::string>{"address", "topics", "data", "blockNumber", "blockHash",
                                              "blockTimestamp", "transactionHash", "transactionIndex",
                                              "logIndex", "removed"});
  CHECK(log.at("data") == "0x0102");
  CHECK(log.at("logIndex") == "0x0");
  CHECK(log.at("removed") == false);
  CHECK(text(log.at("blockTimestamp")) == hex_of(world.chain().view()->head.timestamp));

  receipt = world.ask("eth_getTransactionReceipt", by(bad->hash));
  CHECK(receipt.at("status") == "0x0");
  CHECK(receipt.at("logs").as_array().empty());
  receipt = world.ask("eth_getTransactionReceipt", by(third->hash));
  CHECK(receipt.at("transactionIndex") == "0x2");
  CHECK(receipt.at("logs").as_array().at(0).at("logIndex") == "0x1");
  CHECK(world.ask("eth_getTransactionReceipt", by(Hash{})).is_null());
  CHECK(world.ask("eth_getTransactionByHash", by(Hash{})).is_null());
}

TEST_CASE("end-of-block work is found under its stand-in transaction") {
  World world;
  world.commit(world.sign({.to = contract_address(), .data = {kRemind}}));
  const std::string hash = by(system_transaction_hash(1));
  const json::value receipt = world.ask("eth_getTransactionReceipt", hash);
  CHECK(text(receipt.at("from")) == hex::encode_prefixed(Address{}));
  CHECK(text(receipt.at("to")) == hex::encode_prefixed(contract_address()));
  CHECK(receipt.at("transactionIndex") == "0x1");
  CHECK(receipt.at("gasUsed") == "0x0");
  CHECK(receipt.at("status") == "0x1");
  CHECK(receipt.at("logs").as_array().size() == 1);
  const json::value transaction = world.ask("eth_getTransactionByHash", hash);
  CHECK(transaction.at("hash") == receipt.at("transactionHash"));
  CHECK(text(transaction.at("to")) == hex::encode_prefixed(contract_address()));
  CHECK(transaction.at("transactionIndex") == "0x1");
  // By its place there is nothing: the block has one transaction.
  CHECK(world.ask("eth_getTransactionByBlockNumberAndIndex", R"(["0x1","0x1"])").is_null());
  CHECK(world.ask("eth_getTransactionReceipt", by(system_transaction_hash(0))).is_null());
}

TEST_CASE("what cannot be admitted is refused in go-ethereum's words") {
  World world;
  const TransactionPtr sent = world.sign({});
  world.ask("eth_sendRawTransaction", raw(sent));
  CHECK(world.error("eth_sendRawTransaction", raw(sent)) == "-32000 already known");
  CHECK(world.error("eth_sendRawTransaction", raw(world.sign({.value = 1}))) ==
        "-32000 replacement transaction underpriced");
  world.commit(sent);
  CHECK(world.error("eth_sendRawTransaction", raw(sent)).find("-32000 nonce too low") == 0);
  CHECK(world.error("eth_sendRawTransaction", raw(world.sign({.from = 99})))
            .find("-32000 insufficient funds for gas * price + value") == 0);
  CHECK(world.error("eth_sendRawTransaction", raw(world.sign({.from = 2, .gas_limit = 20'999})))
            .find("-32000 intrinsic gas too low") == 0);
}

TEST_CASE("malformed transactions are refused, each with a reason") {
  World world;
  const TransactionPtr good = world.sign({});
  CHECK(world.error("eth_sendRawTransaction", "[]") == "-32602 missing value for required argument 0");
  CHECK(world.error("eth_sendRawTransaction", R"(["0x1"])") ==
        "-32602 invalid argument 0: hex string of odd length");
  CHECK(world.error("eth_sendRawTransaction", R"(["xyz"])") ==
        "-32602 invalid argument 0: hex string without 0x prefix");
  CHECK(world.error("eth_sendRawTransaction", R"([{}])").find("-32602 invalid argument 0") == 0);
  for (const Bytes& wire : {Bytes{}, Bytes{0x00}, Bytes{0x05, 0xc0}, Bytes{0xc0}, Bytes(200, 0xff)})
    CHECK(world.error("eth_sendRawTransaction", "[" + quoted(wire) + "]").find("-32000 ") == 0);
  Bytes longer = good->wire;
  longer.push_back(0);
  CHECK(world.error("eth_sendRawTransaction", "[" + quoted(longer) + "]").find("-32000 ") == 0);
  Transaction unprotected;
  unprotected.type = TransactionType::legacy;
  unprotected.gas_limit = 21'000;
  unprotected.to = Address{};
  sign_transaction(unprotected, key_of(1));
  CHECK(world.error("eth_sendRawTransaction", "[" + quoted(encode(unprotected)) + "]") ==
        "-32000 only replay-protected (EIP-155) transactions allowed over RPC");
}

TEST_CASE("a batch of transactions is admitted whole, each with its own answer") {
  World world;
  std::string batch = "[";
  for (Nonce nonce = 0; nonce < 20; ++nonce)
    batch += R"({"jsonrpc":"2.0","id":)" + std::to_string(nonce) +
             R"(,"method":"eth_sendRawTransaction","params":)" + raw(world.sign({.nonce = nonce})) + "},";
  batch += R"({"jsonrpc":"2.0","id":"bad","method":"eth_sendRawTransaction","params":["0x00"]}])";
  const json::value responses = json::parse(world.rpc().handle(batch));
  REQUIRE(responses.as_array().size() == 21);
  for (Nonce nonce = 0; nonce < 20; ++nonce) {
    CHECK(responses.as_array()[nonce].at("id") == nonce);
    CHECK(text(responses.as_array()[nonce].at("result")) ==
          hex::encode_prefixed(world.sign({.nonce = nonce})->hash));
  }
  CHECK(responses.as_array()[20].as_object().contains("error"));
  CHECK(world.pool().status().pending == 20);
}

}  // namespace aitbc::rpc::test
