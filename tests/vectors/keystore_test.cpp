// Keystores of ethereum/tests and ethers open with their passwords and hold the recorded keys.
#include "wallet/keystore.hpp"

#include <boost/json.hpp>

#include "codec/hex.hpp"
#include "tests/support/vectors.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::wallet;
namespace json = boost::json;

std::string text_of(const json::value& value) { return std::string(value.as_string()); }

}  // namespace

TEST_CASE("keystores of ethereum/tests open") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases =
      json::parse(test::read_text(*folder / "ethereum-tests/KeyStoreTests/basic_tests.json"));
  for (const auto& [name, test_case] : cases.as_object()) {
    INFO(std::string(name));
    const auto keystore = parse_keystore(json::serialize(test_case.at("json")));
    REQUIRE_MESSAGE(keystore, keystore.error().message);
    const auto key = decrypt_key(*keystore, as_bytes(text_of(test_case.at("password"))));
    REQUIRE_MESSAGE(key, key.error().message);
    CHECK(hex::encode(key->secret()) == text_of(test_case.at("priv")));
    CHECK_FALSE(decrypt_key(*keystore, as_bytes("not the password")));
  }
}

TEST_CASE("keystores of ethers open, also after we wrote them again") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases = json::parse(test::read_text(*folder / "ethers/wallets.json"));
  for (const json::value& test_case : cases.as_array()) {
    if (test_case.at("type").as_string() != "keystore") continue;
    INFO(text_of(test_case.at("name")));
    const Bytes password = hex::decode(text_of(test_case.at("password"))).value();
    const auto keystore = parse_keystore(text_of(test_case.at("content")));
    REQUIRE_MESSAGE(keystore, keystore.error().message);
    const auto key = decrypt_key(*keystore, password);
    REQUIRE_MESSAGE(key, key.error().message);
    CHECK(hex::checksummed(key->address()) == text_of(test_case.at("address")));
    const auto again = parse_keystore(to_json(*keystore));
    REQUIRE(again);
    CHECK(again->has_checksum);
    CHECK(again->cost == keystore->cost);
    CHECK(again->mac == keystore->mac);
  }
}
