#include "codec/abi_value.hpp"

#include <doctest/doctest.h>

#include "codec/hex.hpp"

using namespace aitbc;
using abi::Value;

namespace {

std::string word(std::string_view tail) { return std::string(64 - tail.size(), '0') + std::string(tail); }
abi::Type type_of(std::string_view text) { return abi::parse_type(text).value(); }
Value number(std::uint64_t value) { return {Uint256(value)}; }
Value text(std::string value) { return {std::move(value)}; }
Value list(Value::List values) { return {std::move(values)}; }

bool decodes(std::string_view type, const std::string& data) {
  const std::vector<abi::Type> types{type_of(type)};
  return abi::decode(types, hex::decode(data).value()).has_value();
}

}  // namespace

TEST_CASE("types read and print in canonical form") {
  for (const std::string_view name :
       {"uint256", "int8", "bytes32", "bytes", "string", "bool", "address[]",
        "(uint256,address[],bytes32)[2]", "(string)[][3][]", "((uint8,(bool)[2]),bytes1)"})
    CHECK(abi::to_string(type_of(name)) == name);
  CHECK(abi::to_string(type_of("uint")) == "uint256");
  CHECK(abi::to_string(type_of("int[]")) == "int256[]");
}

TEST_CASE("what is not a type is refused") {
  for (const std::string_view name : {"",
                                      "uint7",
                                      "uint0",
                                      "uint264",
                                      "uint08",
                                      "bytes33",
                                      "bytes0",
                                      "Uint8",
                                      "uint8[",
                                      "uint8]",
                                      "()",
                                      "uint8[0]",
                                      "uint8[-1]",
                                      "uint8[01]",
                                      "(uint8",
                                      "(uint8,)",
                                      "uint8 ",
                                      "uint8[99999999999999999999]",
                                      "uint8[4294967295][4294967295]",
                                      "(uint8)bool"})
    CHECK_FALSE_MESSAGE(abi::parse_type(name).has_value(), name);
  CHECK_FALSE(abi::parse_type(std::string(40, '(') + "bool" + std::string(40, ')')));
  std::string many = "bool";
  for (int i = 0; i < 40; ++i) many += "[]";
  CHECK_FALSE(abi::parse_type(many));
}

TEST_CASE("static types are laid out in the head and dynamic ones behind it") {
  CHECK(type_of("(uint8,bool[3])[2]").head_words == 8);
  CHECK_FALSE(type_of("(uint8,bool[3])[2]").is_dynamic);
  CHECK(type_of("(uint8,string)[2]").is_dynamic);
  CHECK(type_of("(uint8,string)[2]").head_words == 1);
}

TEST_CASE("the specification's example encodes as printed there and decodes back") {
  const std::vector<Value> values{number(0x123),
                                  list({number(0x456), number(0x789)}),
                                  {to_bytes(as_bytes("1234567890"))},
                                  {to_bytes(as_bytes("Hello, world!"))}};
  const Bytes data = abi::encode_call("f(uint256,uint32[],bytes10,bytes)", values).value();
  CHECK(hex::encode(data).substr(0, 8 + 64) == "8be65246" + word("123"));
  CHECK(abi::decode_call("f(uint256,uint32[],bytes10,bytes)", data).value() == values);
  CHECK_FALSE(abi::decode_call("g(uint256,uint32[],bytes10,bytes)", data));
}

TEST_CASE("the dynamic form and the writer agree") {
  const Address owner = hex::parse_address("0x00112233445566778899aabbccddeeff00112233").value();
  const std::vector<Value> values{number(7),
                                  list({list({text("a"), number(1)}), list({text("bc"), number(2)})}),
                                  list({{owner}, {owner}}),
                                  {true}};
  const Bytes dynamic = abi::encode_call("set(uint64,(string,uint8)[],address[2],bool)", values).value();
  abi::Writer out(5, abi::selector("set(uint64,(string,uint8)[],address[2],bool)"));
  out.u64(7).begin_array(2);
  out.begin_tuple(2).string("a").u64(1).end();
  out.begin_tuple(2).string("bc").u64(2).end();
  out.end().address(owner).address(owner).boolean(true);
  CHECK(dynamic == out.take());
}

TEST_CASE("an error without arguments is its selector") {
  CHECK(abi::encode_error("Unauthorized()", {}).value() == to_bytes(abi::selector("Unauthorized()")));
  CHECK(abi::decode_call("Unauthorized()", abi::selector("Unauthorized()")).value().empty());
}

TEST_CASE("values that are not of their type are refused") {
  const auto encodes = [](std::string_view type, Value value) {
    const std::vector<abi::Type> types{type_of(type)};
    return abi::encode(types, std::vector<Value>{std::move(value)}).has_value();
  };
  CHECK_FALSE(encodes("uint8", number(256)));
  CHECK_FALSE(encodes("int8", number(128)));
  CHECK_FALSE(encodes("bool", number(1)));
  CHECK_FALSE(encodes("bytes4", {Bytes(3)}));
  CHECK_FALSE(encodes("string", {Bytes(3)}));
  CHECK_FALSE(encodes("uint8[2]", list({number(1)})));
  CHECK_FALSE(encodes("string[2]", list({text("x")})));
  CHECK_FALSE(encodes("(uint8,string)", list({number(1)})));
  CHECK_FALSE(encodes("uint8[]", number(1)));
  CHECK_FALSE(abi::encode(std::vector{type_of("bool")}, {}));
}

TEST_CASE("data other than the encoder's is refused") {
  CHECK(decodes("uint8[]", word("20") + word("1") + word("ff")));
  CHECK_FALSE(decodes("uint8[]", word("20") + word("1") + word("100")));
  CHECK_FALSE(decodes("uint8[]", word("20") + word("2") + word("ff")));
  CHECK_FALSE(decodes("uint8[]", word("40") + word("0") + word("0")));
  CHECK_FALSE(decodes("uint8[]", word("20") + std::string(64, 'f')));
  CHECK_FALSE(decodes("uint8[]", word("20") + word("0") + word("0")));
  CHECK_FALSE(decodes("bool", word("2")));
  CHECK_FALSE(decodes("bytes", word("20") + word("1") + "01" + word("1").substr(2)));
  CHECK_FALSE(decodes("string", word("20") + word("1") + "ff" + std::string(62, '0')));
  CHECK_FALSE(decodes("address", "01" + word("0").substr(2)));
  CHECK_FALSE(decodes("bytes3", "01020304" + word("0").substr(8)));
  CHECK_FALSE(decodes("int8", word("ff")));
  CHECK_FALSE(decodes("uint256[4294967296]", word("0")));
  // Two offsets to one tail would read the same bytes twice.
  CHECK_FALSE(decodes("string[2]", word("20") + word("40") + word("40") + word("0")));
  CHECK_FALSE(decodes("bool", ""));
  CHECK_FALSE(decodes("bool", word("1") + "00"));
}

TEST_CASE("values print for people") {
  const abi::Type type = type_of("(int8,bool,string,bytes2,uint8[])");
  const Value value = list({{Uint256::from_parts(~0ULL, ~0ULL, ~0ULL, ~0ULL)},
                            {true},
                            text("a \"b\""),
                            {Bytes{1, 2}},
                            list({number(3), number(4)})});
  CHECK(abi::to_string(type, value) == R"((-1, true, "a \"b\"", 0x0102, [3, 4]))");
}
