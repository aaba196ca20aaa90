#include "codec/hex.hpp"
#include "tests/unit/rpc/world.hpp"

namespace aitbc::rpc::test {
namespace {

template <class Fixed>
Fixed fixed(const json::value& value) {
  return *hex::decode_fixed<Fixed>(text(value));
}
std::uint64_t number(const json::value& value) { return *hex::parse_quantity_u64(text(value)); }

// What a client does that checks the hash: the header from its JSON members only.
Header header_from(const json::value& block) {
  Header header;
  header.parent_hash = fixed<Hash>(block.at("parentHash"));
  header.ommers_hash = fixed<Hash>(block.at("sha3Uncles"));
  header.coinbase = fixed<Address>(block.at("miner"));
  header.state_root = fixed<Hash>(block.at("stateRoot"));
  header.transactions_root = fixed<Hash>(block.at("transactionsRoot"));
  header.receipts_root = fixed<Hash>(block.at("receiptsRoot"));
  header.logs_bloom = fixed<Bloom>(block.at("logsBloom"));
  header.difficulty = number(block.at("difficulty"));
  header.number = number(block.at("number"));
  header.gas_limit = number(block.at("gasLimit"));
  header.gas_used = number(block.at("gasUsed"));
  header.timestamp = number(block.at("timestamp"));
  header.extra_data = *hex::decode(text(block.at("extraData")));
  header.mix_hash = fixed<Hash>(block.at("mixHash"));
  header.nonce = fixed<decltype(header.nonce)>(block.at("nonce"));
  header.base_fee_per_gas = Amount(number(block.at("baseFeePerGas")));
  return header;
}

}  // namespace

TEST_CASE("a block has exactly London's members, and its hash can be recomputed from them") {
  World world;
  const TransactionPtr transactions[] = {world.sign({}), world.sign({.from = 2})};
  const Block committed = world.commit(transactions);
  const json::value block = world.ask("eth_getBlockByNumber", R"(["0x1",false])");
  CHECK(keys_of(block) ==
        std::set<std::string>{"number",     "hash",       "parentHash",       "nonce",         "mixHash",
                              "sha3Uncles", "logsBloom",  "transactionsRoot", "stateRoot",     "receiptsRoot",
                              "miner",      "difficulty", "totalDifficulty",  "extraData",     "size",
                              "gasLimit",   "gasUsed",    "timestamp",        "baseFeePerGas", "transactions",
                              "uncles"});
  CHECK(header_hash(header_from(block)) == world.head_hash());
  CHECK(text(block.at("hash")) == hex::encode_prefixed(world.head_hash()));
  // The store keeps the size without working out the exact width of the list headers.
  CHECK(number(block.at("size")) >= encode(committed).size());
  CHECK(number(block.at("size")) <= encode(committed).size() + 9);
  CHECK(number(block.at("totalDifficulty")) == world.chain().genesis_header().difficulty + 1);
  CHECK(block.at("uncles").as_array().empty());
  REQUIRE(block.at("transactions").as_array().size() == 2);
  CHECK(text(block.at("transactions").as_array()[0]) ==
        hex::encode_prefixed(committed.transactions[0]->hash));
  CHECK(world.ask("eth_getBlockByHash", "[" + quoted(world.head_hash()) + ",false]") == block);
  CHECK(world.ask("eth_getBlockByNumber", R"(["latest"])") == block);
  CHECK(world.ask("eth_getBlockByNumber", R"(["pending"])") == block);
}

TEST_CASE("a block in full carries its transactions as objects") {
  World world;
  const Block committed = world.commit(world.sign({.value = 7}));
  const json::value block = world.ask("eth_getBlockByNumber", R"(["0x1",true])");
  const json::value& transaction = block.at("transactions").as_array().at(0);
  CHECK(transaction ==
        world.ask("eth_getTransactionByHash", "[" + quoted(committed.transactions[0]->hash) + "]"));
  CHECK(transaction.at("value") == "0x7");
}

TEST_CASE("blocks that do not exist are null") {
  World world;
  CHECK(world.ask("eth_getBlockByNumber", R"(["0x1",true])").is_null());
  CHECK(world.ask("eth_getBlockByHash", "[" + quoted(Hash{}) + ",true]").is_null());
  CHECK(world.ask("eth_getBlockReceipts", R"(["0x1"])").is_null());
  CHECK(world.ask("eth_getBlockTransactionCountByNumber", R"(["0x1"])").is_null());
  CHECK(world.ask("eth_getUncleCountByBlockNumber", R"(["0x1"])").is_null());
  CHECK(world.ask("eth_getUncleByBlockNumberAndIndex", R"(["latest","0x0"])").is_null());
}

TEST_CASE("counts are of real transactions; there are never uncles") {
  World world;
  world.commit(world.sign({.to = contract_address(), .data = {kRemind}}));
  CHECK(world.ask("eth_blockNumber") == "0x1");
  CHECK(world.ask("eth_getBlockTransactionCountByNumber", R"(["latest"])") == "0x1");
  CHECK(world.ask("eth_getBlockTransactionCountByHash", "[" + quoted(world.head_hash()) + "]") == "0x1");
  CHECK(world.ask("eth_getBlockTransactionCountByNumber", R"(["earliest"])") == "0x0");
  CHECK(world.ask("eth_getUncleCountByBlockNumber", R"(["latest"])") == "0x0");
  CHECK(world.ask("eth_getUncleCountByBlockHash", "[" + quoted(world.head_hash()) + "]") == "0x0");
}

TEST_CASE("a block's receipts are those of its transactions, not of its end-of-block work") {
  World world;
  const Block committed = world.commit(world.sign({.to = contract_address(), .data = {kRemind}}));
  const json::value receipts = world.ask("eth_getBlockReceipts", R"(["latest"])");
  REQUIRE(receipts.as_array().size() == 1);
  CHECK(receipts.as_array()[0] ==
        world.ask("eth_getTransactionReceipt", "[" + quoted(committed.transactions[0]->hash) + "]"));
  CHECK(world.ask("debug_getRawReceipts", R"(["latest"])").as_array().size() == 2);
}

TEST_CASE("raw forms hash to what the block says") {
  World world;
  const Block committed = world.commit(world.sign({}));
  const Bytes header = *hex::decode(text(world.ask("debug_getRawHeader", R"(["0x1"])")));
  CHECK(keccak256(header) == world.head_hash());
  CHECK(*hex::decode(text(world.ask("debug_getRawBlock", R"(["0x1"])"))) == encode(committed));
  CHECK(*hex::decode(text(world.ask("debug_getRawTransaction", "[" + quoted(committed.transactions[0]->hash) +
                                                                   "]"))) == committed.transactions[0]->wire);
  CHECK(world.ask("debug_getRawTransaction", "[" + quoted(Hash{}) + "]") == "0x");
  CHECK(world.error("debug_getRawHeader", R"(["0x9"])") == "-32000 header not found");
}

}  // namespace aitbc::rpc::test
