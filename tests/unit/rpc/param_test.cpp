#include <doctest/doctest.h>

#include "node/rpc/block_ref.hpp"
#include "node/rpc/call_object.hpp"
#include "node/rpc/log_criteria.hpp"
#include "node/rpc/param.hpp"

namespace aitbc::rpc {
namespace {

template <class T>
Result<T> parse(std::string_view text) {
  JsonDocument document;
  const auto json = document.parse(text);
  REQUIRE_MESSAGE(json, text);
  return ParamTraits<T>::parse(*json);
}
template <class T>
std::string error_of(std::string_view text) {
  const auto parsed = parse<T>(text);
  REQUIRE_MESSAGE(!parsed, text);
  return parsed.error().message;
}

constexpr const char* kHash = R"("0x00000000000000000000000000000000000000000000000000000000000000ff")";
constexpr const char* kAddress = R"("0x00000000000000000000000000000000000A17bc")";

}  // namespace

TEST_CASE("quantities: minimal hexadecimal only, in go-ethereum's words") {
  CHECK(parse<std::uint64_t>(R"("0x0")") == 0);
  CHECK(parse<std::uint64_t>(R"("0xfF")") == 255);
  CHECK(parse<std::uint64_t>(R"("0xffffffffffffffff")") == ~std::uint64_t{0});
  CHECK(error_of<std::uint64_t>(R"("0x00")") == "hex number with leading zero digits");
  CHECK(error_of<std::uint64_t>(R"("0x")") == "hex string \"0x\"");
  CHECK(error_of<std::uint64_t>(R"("")") == "empty hex string");
  CHECK(error_of<std::uint64_t>(R"("12")") == "hex string without 0x prefix");
  CHECK(error_of<std::uint64_t>(R"("0x1g")") == "invalid hex string");
  CHECK(error_of<std::uint64_t>(R"("0x10000000000000000")") == "hex number > 64 bits");
  CHECK(error_of<std::uint64_t>("\"0x1" + std::string(64, '0') + "\"") == "hex number > 256 bits");
  CHECK(!parse<std::uint64_t>("1"));
}

TEST_CASE("data, hashes and addresses: the right number of digits") {
  CHECK(parse<Bytes>(R"("0x")") == Bytes{});
  CHECK(parse<Bytes>(R"("0x00Ff")") == Bytes{0, 255});
  CHECK(error_of<Bytes>(R"("0x0")") == "hex string of odd length");
  CHECK(error_of<Bytes>(R"("0x0x")") == "invalid hex string");
  CHECK(parse<Hash>(kHash)->bytes[31] == 255);
  CHECK(error_of<Hash>(R"("0x12")") == "hex string has length 2, want 64 for common.Hash");
  CHECK(parse<Address>(kAddress)->bytes[19] == 0xbc);
  CHECK(parse<Address>(R"("ait100000000000000000000000000000000000a17bc")")->bytes[19] == 0xbc);
  CHECK(parse<Address>(R"("aitbc100000000000000000000000000000000000a17bc")")->bytes[19] == 0xbc);
  CHECK(error_of<Address>(R"("0x12")") == "hex string has length 2, want 40 for common.Address");
  CHECK(!parse<Address>("null"));
  CHECK(!parse<Address>("{}"));
}

TEST_CASE("storage slots may leave leading zeros out") {
  CHECK(parse<StorageSlot>(R"("0x0")")->slot.is_zero());
  CHECK(parse<StorageSlot>(R"("0x1f")")->slot.bytes[31] == 0x1f);
  CHECK(parse<StorageSlot>(kHash)->full_length);
  CHECK(!parse<StorageSlot>("\"0x" + std::string(65, '0') + "\""));
}

TEST_CASE("counts may be numbers, decimal or hexadecimal text") {
  CHECK(parse<LooseCount>("5")->value == 5);
  CHECK(parse<LooseCount>(R"("5")")->value == 5);
  CHECK(parse<LooseCount>(R"("0x5")")->value == 5);
  for (const char* text : {"-1", "1.5", R"("")", R"("x")", R"("5x")", "null", "[]"})
    CHECK_MESSAGE(!parse<LooseCount>(text), text);
}

TEST_CASE("blocks are named by number, tag, hash or EIP-1898 object") {
  for (const char* tag : {R"("latest")", R"("safe")", R"("finalized")"})
    CHECK(parse<BlockRef>(tag)->kind == BlockRef::Kind::latest);
  CHECK(parse<BlockRef>(R"("earliest")")->kind == BlockRef::Kind::earliest);
  CHECK(parse<BlockRef>(R"("pending")")->kind == BlockRef::Kind::pending);
  CHECK(parse<BlockRef>(R"("0x10")")->number == 16);
  CHECK(parse<BlockRef>(kHash)->kind == BlockRef::Kind::hash);
  CHECK(parse<BlockRef>(R"({"blockNumber":"0x10"})")->number == 16);
  CHECK(parse<BlockRef>(R"({"blockHash":)" + std::string(kHash) + R"(,"requireCanonical":true})")->kind ==
        BlockRef::Kind::hash);
  for (const char* text : {"16", R"("16")", R"("newest")", "{}", R"({"blockNumber":{"blockNumber":"0x1"}})",
                           "[]", R"({"blockHash":"0x12"})"})
    CHECK_MESSAGE(!parse<BlockRef>(text), text);
  CHECK(!parse<BlockRef>(R"({"blockNumber":"0x1","blockHash":)" + std::string(kHash) + "}"));
}

TEST_CASE("call objects: input or data, one way of offering fees") {
  const auto call = parse<CallObject>(
      R"({"from":"0x0000000000000000000000000000000000000001","to":null,"gas":"0x5208","value":"0x1","input":"0xab",
          "type":"0x2","chainId":"0x1","accessList":[{"address":"0x0000000000000000000000000000000000000002",
          "storageKeys":[)" +
      std::string(kHash) + "]}]}");
  REQUIRE(call);
  CHECK(call->from.bytes[19] == 1);
  CHECK(!call->to);
  CHECK(call->gas == 21'000);
  CHECK(call->data == Bytes{0xab});
  CHECK(call->access_list.at(0).storage_keys.size() == 1);
  CHECK(parse<CallObject>(R"({"data":"0xab","input":"0xab"})")->data == Bytes{0xab});
  CHECK(error_of<CallObject>(R"({"data":"0xab","input":"0xac"})").find("both \"data\" and \"input\"") == 0);
  CHECK(!parse<CallObject>(R"({"gasPrice":"0x1","maxFeePerGas":"0x1"})"));
  CHECK(!parse<CallObject>(R"({"maxFeePerGas":"0x1","maxPriorityFeePerGas":"0x2"})"));
  CHECK(error_of<CallObject>(R"({"value":"0x00"})") == "value: hex number with leading zero digits");
  CHECK(!parse<CallObject>(R"({"accessList":{}})"));
  CHECK(!parse<CallObject>("[]"));
}

TEST_CASE("log filters: single values or lists, at most four topics") {
  const std::string topic = kHash;
  const auto filter = parse<LogCriteria>(R"({"address":)" + std::string(kAddress) + R"(,"topics":[null,)" +
                                         topic + ",[" + topic + "," + topic + R"(],[null,)" + topic + "]]}");
  REQUIRE(filter);
  CHECK(filter->addresses.size() == 1);
  REQUIRE(filter->topics.size() == 4);
  CHECK(filter->topics[0].empty());
  CHECK(filter->topics[1].size() == 1);
  CHECK(filter->topics[2].size() == 2);
  CHECK(filter->topics[3].empty());
  CHECK(error_of<LogCriteria>(R"({"topics":[null,null,null,null,null]})") == "exceed max topics");
  CHECK(!parse<LogCriteria>(R"({"fromBlock":"0x1","blockHash":)" + topic + "}"));
  CHECK(!parse<LogCriteria>(R"({"topics":[1]})"));
  CHECK(!parse<LogCriteria>(R"({"topics":{}})"));
  CHECK(!parse<LogCriteria>(R"({"address":"0x12"})"));
  std::string many = R"({"address":[)";
  for (int i = 0; i < 1001; ++i) many += (i == 0 ? "" : ",") + std::string(kAddress);
  CHECK(error_of<LogCriteria>(many + "]}").find("exceed max addresses") == 0);
}

}  // namespace aitbc::rpc
