#include "codec/typed_data.hpp"

#include <doctest/doctest.h>

#include "codec/hex.hpp"

using namespace aitbc;

namespace {

// The example of the EIP.
const std::string kMail = R"({
  "types": {
    "EIP712Domain": [{"name": "name", "type": "string"}, {"name": "version", "type": "string"},
                     {"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"}],
    "Person": [{"name": "name", "type": "string"}, {"name": "wallet", "type": "address"}],
    "Mail": [{"name": "from", "type": "Person"}, {"name": "to", "type": "Person"},
             {"name": "contents", "type": "string"}]},
  "primaryType": "Mail",
  "domain": {"name": "Ether Mail", "version": "1", "chainId": 1,
             "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
  "message": {"from": {"name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
              "to": {"name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},
              "contents": "Hello, Bob!"}})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

bool hashes_after(const std::string& from, const std::string& to) {
  return eip712::hash_json(replaced(kMail, from, to)).has_value();
}

// A document with one field of that type and value.
bool hashes_field(const std::string& type, const std::string& value) {
  return eip712::hash_json(R"({"types":{"T":[{"name":"x","type":")" + type +
                           R"("}]},"primaryType":"T","domain":{},"message":{"x":)" + value + "}}")
      .has_value();
}

}  // namespace

TEST_CASE("the document of the EIP has the digest printed there") {
  const eip712::TypedData hashed = eip712::hash_json(kMail).value();
  CHECK(hex::encode(hashed.domain_separator) ==
        "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f");
  CHECK(hex::encode(hashed.struct_hash) ==
        "c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e");
  CHECK(hex::encode(hashed.digest) == "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
}

TEST_CASE("the light form gives the same digest as the JSON form") {
  const auto address = [](std::string_view text) { return hex::parse_address(text).value(); };
  const Hash domain = eip712::domain_separator(
      {"Ether Mail", "1", Uint256(1), address("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"), {}});
  const Hash person_type = eip712::type_hash("Person(string name,address wallet)");
  const Hash mail_type =
      eip712::type_hash("Mail(Person from,Person to,string contents)Person(string name,address wallet)");
  const auto person = [&](std::string_view name, std::string_view wallet) {
    return eip712::StructHash(person_type).string(name).address(address(wallet)).finish();
  };
  const Hash mail = eip712::StructHash(mail_type)
                        .hash(person("Cow", "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"))
                        .hash(person("Bob", "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"))
                        .string("Hello, Bob!")
                        .finish();
  CHECK(eip712::signing_digest(domain, mail) == eip712::hash_json(kMail).value().digest);
}

TEST_CASE("a document that leaves out the domain's type hashes the fields that are there") {
  const std::string without =
      R"({"types":{"T":[]},"primaryType":"T","domain":{"chainId":"0x2a","name":"n"},"message":{}})";
  CHECK(eip712::hash_json(without).value().domain_separator ==
        eip712::domain_separator({"n", std::nullopt, Uint256(42), std::nullopt, std::nullopt}));
}

TEST_CASE("a document that its types do not describe exactly is refused") {
  CHECK(hashes_after("Hello", "Hi"));
  CHECK_FALSE(hashes_after(R"("contents": "Hello, Bob!")", R"("content": "x")"));
  CHECK_FALSE(hashes_after(R"("contents": "Hello, Bob!")", R"("contents": "x", "more": 1)"));
  CHECK_FALSE(hashes_after(R"("contents": "Hello, Bob!")", R"("contents": 5)"));
  CHECK_FALSE(hashes_after(R"("primaryType": "Mail")", R"("primaryType": "Letter")"));
  CHECK_FALSE(hashes_after(R"("Person": [)", R"("uint8": [)"));
  CHECK_FALSE(hashes_after(R"("type": "Person")", R"("type": "Human")"));
  CHECK_FALSE(hashes_after(R"("name": "contents")", R"("name": "contents,uint8 more")"));
  CHECK_FALSE(hashes_after(R"("Person": [)", R"("Person(": [)"));
  CHECK_FALSE(hashes_after("0xCD2a", "0xCd2a"));
  CHECK_FALSE(hashes_after(R"("message": {)", R"("messages": {)"));
  CHECK_FALSE(eip712::hash_json("[]"));
  CHECK_FALSE(eip712::hash_json("{"));
}

TEST_CASE("values outside of their type are refused") {
  CHECK(hashes_field("uint8", "255"));
  CHECK_FALSE(hashes_field("uint8", "256"));
  CHECK_FALSE(hashes_field("uint8", "-1"));
  CHECK_FALSE(hashes_field("uint8", "1.0"));
  CHECK_FALSE(hashes_field("uint8", "null"));
  CHECK(hashes_field("int8", "\"-128\""));
  CHECK(hashes_field("bytes3", "\"0x010203\""));
  CHECK_FALSE(hashes_field("bytes3", "\"0x0102\""));
  CHECK_FALSE(hashes_field("bytes", "\"0102\""));
  CHECK_FALSE(hashes_field("bool", "1"));
  CHECK(hashes_field("bool[2]", "[true, false]"));
  CHECK_FALSE(hashes_field("bool[2]", "[true]"));
  CHECK_FALSE(hashes_field("bool[]", "true"));
  CHECK_FALSE(hashes_field("bool]", "[true]"));
  CHECK_FALSE(hashes_field("(bool)", "[true]"));
}

TEST_CASE("a type may refer to itself through an array") {
  const std::string tree =
      R"({"types":{"Node":[{"name":"children","type":"Node[]"}]},"primaryType":"Node","domain":{},
    "message":{"children":[{"children":[]},{"children":[]}]}})";
  CHECK(eip712::hash_json(tree));
}
