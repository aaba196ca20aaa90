// Mnemonics of ethers: entropy, seed and derived keys. Phrases in other languages have no words here, but
// their seeds and keys must agree.
#include "wallet/mnemonic.hpp"

#include <boost/json.hpp>

#include "codec/hex.hpp"
#include "tests/support/vectors.hpp"
#include "wallet/hd_key.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::wallet;
namespace json = boost::json;

Bytes bytes_of(const json::value& value) { return hex::decode(value.as_string()).value(); }

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from))
    text.replace(at, from.size(), to);
}

// NFKD of these phrases and passphrases: all that it changes in them is U+00E9 and the ideographic space.
std::string normalized(std::string_view text) {
  std::string out(text);
  replace_all(out, "\u00e9", "e\u0301");
  replace_all(out, "\u3000", " ");
  return out;
}

void check_nodes(ByteView seed, const json::array& nodes) {
  const HdKey master = master_key(seed).value();
  for (const json::value& node : nodes) {
    const json::value* secret = node.as_object().if_contains("privateKey");
    if (secret == nullptr || !secret->is_string()) continue;  // a public node
    const auto derived = derive(master, node.at("path").as_string());
    REQUIRE(derived);
    CHECK(equal(derived->key.secret(), bytes_of(*secret)));
    CHECK(equal(derived->chain_code.view(), bytes_of(node.at("chainCode"))));
    CHECK(equal(compress(derived->key.public_key()), bytes_of(node.at("publicKey"))));
  }
}

}  // namespace

TEST_CASE("phrases of ethers have the recorded entropy, seed and keys") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases = json::parse(test::read_text(*folder / "ethers/mnemonics.json"));
  int english = 0;
  for (const json::value& test_case : cases.as_array()) {
    INFO(std::string(test_case.at("name").as_string()));
    const Bytes phrase = bytes_of(test_case.at("phrase"));
    const Bytes given_passphrase = bytes_of(test_case.at("password"));
    const std::string passphrase = normalized(as_text(given_passphrase));
    const SecretBytes seed = seed_from_phrase(normalized(as_text(phrase)), passphrase);
    CHECK(equal(seed.view(), bytes_of(test_case.at("seed"))));
    check_nodes(seed.view(), test_case.at("nodes").as_array());
    if (test_case.at("locale").as_string() != "en") continue;
    ++english;
    const Bytes entropy = bytes_of(test_case.at("entropy"));
    CHECK(equal(entropy_from_mnemonic(as_text(phrase)).value().view(), entropy));
    CHECK(mnemonic_from_entropy(entropy).value().text() == as_text(phrase));
    const auto checked_seed = seed_from_mnemonic(as_text(phrase), as_text(given_passphrase));
    const bool is_ascii =
        passphrase == as_text(given_passphrase) && passphrase.find('\xf0') == std::string::npos;
    CHECK(checked_seed.has_value() == is_ascii);
    if (checked_seed) CHECK(equal(checked_seed->view(), seed.view()));
  }
  CHECK(english > 0);
}
