// EIP-712 digests and signatures against those of ethers.
#include "codec/typed_data.hpp"

#include <boost/json.hpp>

#include "codec/hex.hpp"
#include "crypto/secp256k1.hpp"
#include "tests/support/vectors.hpp"

namespace {

using namespace aitbc;
namespace json = boost::json;

std::string document_of(const json::value& test_case) {
  const json::object document{{"types", test_case.at("types")},
                              {"primaryType", test_case.at("primaryType")},
                              {"domain", test_case.at("domain")},
                              {"message", test_case.at("data")}};
  return json::serialize(document);
}

// r || s || v with v in {27, 28}.
std::string signature_text(const Signature& signature) {
  auto bytes = signature.to_bytes();
  bytes[64] = static_cast<std::uint8_t>(bytes[64] + 27);
  return hex::encode_prefixed(bytes);
}

}  // namespace

TEST_CASE("typed data of ethers has the recorded digest and signature") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases = json::parse(test::read_text(*folder / "ethers/typed-data.json"));
  for (const json::value& test_case : cases.as_array()) {
    INFO(std::string(test_case.at("name").as_string()));
    const auto hashed = eip712::hash_json(document_of(test_case));
    REQUIRE_MESSAGE(hashed, hashed.error().message);
    CHECK(hex::encode_prefixed(hashed->digest) == std::string_view(test_case.at("digest").as_string()));
    if (const json::value* key = test_case.as_object().if_contains("privateKey")) {
      const PrivateKey signer = PrivateKey::from_bytes(hex::decode(key->as_string()).value()).value();
      CHECK(signature_text(sign(signer, hashed->digest)) ==
            std::string_view(test_case.at("signature").as_string()));
    }
  }
}
