#include "codec/hex.hpp"
#include "tests/unit/rpc/world.hpp"

namespace aitbc::rpc::test {
namespace {

std::string topic(std::string_view name) { return quoted(aitbc::test::log_of(Address{}, name).topics[0]); }
TransactionPtr store(World& world, Nonce nonce, std::uint8_t value) {
  return world.sign({.to = contract_address(), .nonce = nonce, .data = {kStore, value}});
}
std::string datas(const json::value& logs) {
  std::string out;
  for (const json::value& log : logs.as_array()) out += std::string(text(log.at("data"))) + " ";
  return out;
}

// Blocks 1 to 3 with a log each, and a reminder in block 4.
struct Logged : World {
  Logged() {
    for (std::uint8_t i = 1; i <= 3; ++i) commit(store(*this, i - 1U, i));
    commit(sign({.to = contract_address(), .nonce = 3, .data = {kRemind}}));
  }
};

}  // namespace

TEST_CASE("logs are found by range, block, address and topic") {
  Logged world;
  const auto logs = [&](const std::string& filter) {
    return datas(world.ask("eth_getLogs", "[" + filter + "]"));
  };
  CHECK(logs(R"({"fromBlock":"0x0"})") == "0x01 0x02 0x03 0x ");
  CHECK(logs(R"({"fromBlock":"earliest","toBlock":"0x2"})") == "0x01 0x02 ");
  CHECK(logs(R"({"fromBlock":"0x2","toBlock":"0xffff"})") == "0x02 0x03 0x ");
  CHECK(logs(R"({})") == "0x ");  // the head alone
  CHECK(logs(R"({"fromBlock":"0x5","toBlock":"0x6"})").empty());
  CHECK(logs(R"({"fromBlock":"0x0","topics":[)" + topic("stored") + "]}") == "0x01 0x02 0x03 ");
  CHECK(logs(R"({"fromBlock":"0x0","topics":[[)" + topic("reminder") + "," + topic("x") + "]]}") == "0x ");
  CHECK(logs(R"({"fromBlock":"0x0","topics":[null,null]})").empty());
  CHECK(logs(R"({"fromBlock":"0x0","address":)" + quoted(contract_address()) + "}") == "0x01 0x02 0x03 0x ");
  CHECK(logs(R"({"fromBlock":"0x0","address":)" + quoted(key_of(1).address()) + "}").empty());
  const std::string hash = std::string(text(world.ask("eth_getBlockByNumber", R"(["0x2"])").at("hash")));
  CHECK(logs(R"({"blockHash":")" + hash + "\"}") == "0x02 ");
}

TEST_CASE("end-of-block logs carry the stand-in's hash") {
  Logged world;
  const json::value logs = world.ask("eth_getLogs", R"([{"fromBlock":"0x4"}])");
  REQUIRE(logs.as_array().size() == 1);
  CHECK(text(logs.as_array()[0].at("transactionHash")) == hex::encode_prefixed(system_transaction_hash(4)));
  CHECK(logs.as_array()[0].at("transactionIndex") == "0x1");
}

TEST_CASE("queries that make no sense or ask for too much are refused") {
  Logged world;
  world.backend.max_logs = 2;
  world.backend.max_unfiltered_log_blocks = 3;
  const auto error = [&](const std::string& filter) {
    return world.error("eth_getLogs", "[" + filter + "]");
  };
  CHECK(error(R"({"fromBlock":"0x2","toBlock":"0x1"})") == "-32602 invalid block range params");
  CHECK(error(R"({"blockHash":)" + quoted(Hash{}) + "}") == "-32000 unknown block");
  CHECK(error(R"({"topics":[null,null,null,null,null]})") == "-32602 invalid argument 0: exceed max topics");
  CHECK(error(R"({"fromBlock":"0x0","topics":[)" + topic("stored") + "]}") ==
        "-32005 query returned more than 2 results");
  CHECK(error(R"({"fromBlock":"0x0"})").find("-32005 block range too wide") == 0);
}

TEST_CASE("a log filter tells each log once, from its making on") {
  World world;
  world.commit(store(world, 0, 1));
  const std::string id =
      std::string(text(world.ask("eth_newFilter", R"([{"topics":[)" + topic("stored") + "]}]")));
  const std::string params = "[\"" + id + "\"]";
  CHECK(world.ask("eth_getFilterChanges", params).as_array().empty());
  world.commit(store(world, 1, 2));
  world.commit(store(world, 2, 3));
  CHECK(datas(world.ask("eth_getFilterChanges", params)) == "0x02 0x03 ");
  CHECK(world.ask("eth_getFilterChanges", params).as_array().empty());
  CHECK(datas(world.ask("eth_getFilterLogs", params)) == "0x03 ");  // its range is the head
  CHECK(world.ask("eth_uninstallFilter", params) == true);
  CHECK(world.ask("eth_uninstallFilter", params) == false);
  CHECK(world.error("eth_getFilterChanges", params) == "-32000 filter not found");
}

TEST_CASE("block and pending filters tell hashes") {
  World world;
  const std::string blocks = "[\"" + std::string(text(world.ask("eth_newBlockFilter"))) + "\"]";
  const std::string pending = "[\"" + std::string(text(world.ask("eth_newPendingTransactionFilter"))) + "\"]";
  const TransactionPtr sent = world.sign({});
  world.ask("eth_sendRawTransaction", "[" + quoted(sent->wire) + "]");
  CHECK(json::serialize(world.ask("eth_getFilterChanges", pending)) == "[" + quoted(sent->hash) + "]");
  CHECK(world.ask("eth_getFilterChanges", pending).as_array().empty());
  CHECK(world.ask("eth_getFilterChanges", blocks).as_array().empty());
  world.commit(sent);
  CHECK(json::serialize(world.ask("eth_getFilterChanges", blocks)) == "[" + quoted(world.head_hash()) + "]");
  CHECK(world.error("eth_getFilterLogs", blocks) == "-32000 filter not found");
}

TEST_CASE("filters are bounded, and go when nobody asks for them") {
  World world;
  world.backend.max_filters = 2;
  const std::string first = "[\"" + std::string(text(world.ask("eth_newBlockFilter"))) + "\"]";
  const std::string second = "[\"" + std::string(text(world.ask("eth_newBlockFilter"))) + "\"]";
  CHECK(world.error("eth_newBlockFilter") == "-32005 too many filters (max 2)");
  world.now += 200;
  CHECK(world.ask("eth_getFilterChanges", second).is_array());
  world.now += 200;
  CHECK(world.error("eth_getFilterChanges", first) == "-32000 filter not found");
  CHECK(world.ask("eth_getFilterChanges", second).is_array());
  CHECK(world.ask("eth_newBlockFilter").is_string());
}

TEST_CASE("a pending filter that falls far behind is told how much it missed") {
  World world;
  Filters filters(world.backend);
  const auto id = filters.add_pending();
  REQUIRE(id.has_value());
  const std::vector<TransactionPtr> many(70'000, world.sign({}));
  filters.on_admitted(many);
  std::string out;
  JsonWriter writer(out);
  const auto changes = filters.write_changes(*id, writer);
  REQUIRE(!changes);
  CHECK(changes.error().message == "4464 transactions were missed: poll more often");
  CHECK(filters.write_changes(*id, writer).has_value());
}

}  // namespace aitbc::rpc::test
