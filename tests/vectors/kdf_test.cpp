// Key derivations of ethers.
#include "wallet/kdf.hpp"

#include <boost/json.hpp>

#include "codec/hex.hpp"
#include "tests/support/vectors.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::wallet;
namespace json = boost::json;

Bytes bytes_of(const json::value& value) { return hex::decode(value.as_string()).value(); }

}  // namespace

TEST_CASE("pbkdf2 and scrypt derive the keys that ethers records") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases = json::parse(test::read_text(*folder / "ethers/pbkdf.json"));
  for (const json::value& test_case : cases.as_array()) {
    INFO(std::string(test_case.at("name").as_string()));
    const Bytes password = bytes_of(test_case.at("password"));
    const Bytes salt = bytes_of(test_case.at("salt"));
    const auto size = test_case.at("dkLen").to_number<std::size_t>();
    const json::value& pbkdf2 = test_case.at("pbkdf2");
    const auto iterations = pbkdf2.at("iterations").to_number<std::uint32_t>();
    const auto derive = pbkdf2.at("algorithm").as_string() == "sha512" ? pbkdf2_sha512 : pbkdf2_sha256;
    CHECK(equal(derive(password, salt, iterations, size).view(), bytes_of(pbkdf2.at("key"))));
    const json::value& memory_hard = test_case.at("scrypt");
    const ScryptCost cost{memory_hard.at("N").to_number<std::uint64_t>(),
                          memory_hard.at("r").to_number<std::uint32_t>(),
                          memory_hard.at("p").to_number<std::uint32_t>()};
    CHECK(equal(scrypt(password, salt, cost, size).value().view(), bytes_of(memory_hard.at("key"))));
  }
}
