// Hex-prefix encoding of trie paths (yellow paper, appendix C) against ethereum/tests.
#include <boost/json.hpp>

#include "codec/hex.hpp"
#include "codec/rlp.hpp"
#include "execution/trie_nodes.hpp"
#include "tests/support/vectors.hpp"

namespace {

using namespace aitbc;
namespace json = boost::json;

// The first item of a leaf or extension node whose path is these half-bytes.
Bytes encoded_path(const json::array& nibbles, bool is_leaf) {
  // Half-bytes pack into whole bytes from the right, so an odd path starts in the middle of the first.
  const std::size_t from = nibbles.size() % 2;
  Bytes key((nibbles.size() + from) / 2);
  for (std::size_t i = 0; i < nibbles.size(); ++i) {
    const std::size_t at = i + from;
    const auto nibble = nibbles[i].to_number<std::uint8_t>();
    key[at / 2] = static_cast<std::uint8_t>(key[at / 2] | nibble << (at % 2 == 0 ? 4 : 0));
  }
  Bytes node;
  if (is_leaf) {
    trie::append_leaf(node, key, from, Bytes{1});
  } else {
    trie::NodeRef child;
    child.assign(Hash{});
    trie::append_extension(node, key, from, 2 * key.size(), child);
  }
  rlp::Decoder items = rlp::decode_list(node).value();
  return to_bytes(items.bytes().value());
}

}  // namespace

TEST_CASE("paths of leaves and extensions encode as ethereum/tests has them") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases =
      json::parse(test::read_text(*folder / "ethereum-tests/BasicTests/hexencodetest.json"));
  for (const auto& [name, test_case] : cases.as_object()) {
    INFO(std::string(name));
    const Bytes path = encoded_path(test_case.at("seq").as_array(), test_case.at("term").as_bool());
    CHECK(hex::encode(path) == std::string_view(test_case.at("out").as_string()));
  }
}
