// The dynamic ABI codec against ethereum/tests and the outputs of solc that ethers records.
#include <boost/json.hpp>

#include "codec/abi_value.hpp"
#include "codec/hex.hpp"
#include "codec/integers.hpp"
#include "tests/support/vectors.hpp"

namespace {

using namespace aitbc;
using abi::Kind;
using abi::Value;
namespace json = boost::json;

std::string scalar_text(const json::value& node) {
  return node.is_string() ? std::string(node.as_string()) : json::serialize(node);
}

Bytes bytes_of(const std::string& text) {
  if (text.starts_with("0x")) return hex::decode(text).value();
  return to_bytes(as_bytes(text));  // ethereum/tests writes byte strings as text
}

Value value_of(const abi::Type& type, const json::value& node) {
  switch (type.kind) {
    case Kind::unsigned_integer:
      return {parse_integer(scalar_text(node), {type.size, false}).value()};
    case Kind::signed_integer:
      return {parse_integer(scalar_text(node), {type.size, true}).value()};
    case Kind::boolean:
      return {node.as_bool()};
    case Kind::address:
      return {hex::parse_address(scalar_text(node)).value()};
    case Kind::fixed_bytes:
    case Kind::bytes:
      return {bytes_of(scalar_text(node))};
    case Kind::string:
      return {scalar_text(node)};
    case Kind::array:
    case Kind::fixed_array:
    case Kind::tuple:
      break;
  }
  Value::List list;
  for (const json::value& item : node.as_array())
    list.push_back(value_of(type.kind == Kind::tuple ? type.parts[list.size()] : type.parts[0], item));
  return {std::move(list)};
}

void check_both_ways(const std::vector<abi::Type>& types, const std::vector<Value>& values,
                     std::string_view encoded) {
  const auto data = abi::encode(types, values);
  REQUIRE(data);
  CHECK(*data == hex::decode(encoded).value());
  const auto decoded = abi::decode(types, *data);
  REQUIRE_MESSAGE(decoded, decoded.error().message);
  CHECK((*decoded == values));
}

}  // namespace

TEST_CASE("arguments of ethereum/tests encode and decode") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases =
      json::parse(test::read_text(*folder / "ethereum-tests/ABITests/basic_abi_tests.json"));
  for (const auto& [name, test_case] : cases.as_object()) {
    INFO(std::string(name));
    std::vector<abi::Type> types;
    std::vector<Value> values;
    for (const json::value& type : test_case.at("types").as_array()) {
      types.push_back(abi::parse_type(type.as_string()).value());
      values.push_back(value_of(types.back(), test_case.at("args").at(values.size())));
    }
    check_both_ways(types, values, test_case.at("result").as_string());
  }
}

TEST_CASE("values of random types encode as solc encodes them, and decode") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases = json::parse(test::read_text(*folder / "ethers/abi.json"));
  for (const json::value& test_case : cases.as_array()) {
    INFO(std::string(test_case.at("name").as_string()));
    const auto type = abi::parse_type(test_case.at("type").as_string());
    REQUIRE(type);
    check_both_ways({*type}, {value_of(*type, test_case.at("value"))}, test_case.at("encoded").as_string());
  }
}
