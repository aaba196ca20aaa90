// RLP against the encodings of ethereum/tests and ethers.
#include "codec/rlp.hpp"

#include <boost/json.hpp>

#include "codec/hex.hpp"
#include "tests/support/vectors.hpp"

namespace {

using namespace aitbc;
namespace json = boost::json;

void encode_scalar(rlp::Encoder& out, std::string_view decimal) {
  out.uint256(Uint256::from_decimal(decimal).value());
}

// Numbers are scalars, "#..." is a large decimal one, lists nest; a string is text, or hexadecimal data.
void encode_tree(rlp::Encoder& out, const json::value& node, bool strings_are_hex) {
  if (const auto* list = node.if_array()) {
    out.begin_list();
    for (const json::value& item : *list) encode_tree(out, item, strings_are_hex);
    out.end_list();
  } else if (node.is_number()) {
    out.u64(node.to_number<std::uint64_t>());
  } else if (const std::string_view text = node.as_string(); strings_are_hex) {
    out.bytes(hex::decode(text).value());
  } else if (text.starts_with('#')) {
    encode_scalar(out, text.substr(1));
  } else {
    out.text(text);
  }
}

// The tree of an encoding, with strings in hexadecimal.
json::array decode_tree(rlp::Decoder& items) {
  json::array out;
  while (!items.at_end()) {
    if (items.next_is_list()) {
      rlp::Decoder nested = items.list().value();
      out.emplace_back(decode_tree(nested));
    } else {
      out.emplace_back(hex::encode_prefixed(items.bytes().value()));
    }
  }
  return out;
}

json::value parse_file(const std::filesystem::path& file) { return json::parse(test::read_text(file)); }

}  // namespace

TEST_CASE("valid encodings of ethereum/tests are made and accepted") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases = parse_file(*folder / "ethereum-tests/RLPTests/rlptest.json");
  for (const auto& [name, test_case] : cases.as_object()) {
    INFO(std::string(name));
    rlp::Encoder out;
    encode_tree(out, test_case.at("in"), false);
    CHECK(hex::encode_prefixed(out.view()) == std::string_view(test_case.at("out").as_string()));
    CHECK(rlp::check_canonical(out.view()));
  }
  const json::value random = parse_file(*folder / "ethereum-tests/RLPTests/RandomRLPTests/example.json");
  for (const auto& [name, test_case] : random.as_object())
    CHECK(rlp::check_canonical(hex::decode(test_case.at("out").as_string()).value()));
}

TEST_CASE("invalid encodings of ethereum/tests are refused") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases = parse_file(*folder / "ethereum-tests/RLPTests/invalidRLPTest.json");
  for (const auto& [name, test_case] : cases.as_object()) {
    INFO(std::string(name));
    CHECK_FALSE(rlp::check_canonical(hex::decode(test_case.at("out").as_string()).value()));
  }
}

TEST_CASE("trees of ethers encode and decode") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases = parse_file(*folder / "ethers/rlp.json");
  for (const json::value& test_case : cases.as_array()) {
    INFO(std::string(test_case.at("name").as_string()));
    rlp::Encoder out;
    encode_tree(out, test_case.at("decoded"), true);
    CHECK(hex::encode_prefixed(out.view()) == std::string_view(test_case.at("encoded").as_string()));
    rlp::Decoder items(out.view());
    CHECK(decode_tree(items).at(0) == test_case.at("decoded"));
  }
}
