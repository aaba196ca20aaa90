#include "wallet/mnemonic.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "codec/hex.hpp"
#include "wallet/bip39_words.hpp"

using namespace aitbc;
using namespace aitbc::wallet;

namespace {

const std::string kJunk = "test test test test test test test test test test test junk";

}  // namespace

TEST_CASE("the word list is sorted and its words are told apart by four letters") {
  CHECK(std::is_sorted(kEnglishWords.begin(), kEnglishWords.end()));
  for (std::size_t i = 1; i < kEnglishWords.size(); ++i)
    CHECK(kEnglishWords[i].substr(0, 4) != kEnglishWords[i - 1].substr(0, 4));
}

TEST_CASE("entropy and words stand for each other") {
  for (const std::size_t size : {16U, 20U, 24U, 28U, 32U}) {
    for (const std::uint8_t fill : Bytes{0x00, 0x7f, 0x80, 0xff}) {
      const Bytes entropy(size, fill);
      const SecretBytes phrase = mnemonic_from_entropy(entropy).value();
      CHECK(std::count(phrase.text().begin(), phrase.text().end(), ' ') ==
            static_cast<long>(size / 4 * 3 - 1));
      CHECK(equal(entropy_from_mnemonic(phrase.text()).value().view(), entropy));
    }
  }
  CHECK(mnemonic_from_entropy(Bytes(16, 0)).value().text() ==
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about");
  CHECK_FALSE(mnemonic_from_entropy(Bytes(17, 0)));
  CHECK_FALSE(mnemonic_from_entropy(Bytes(36, 0)));
}

TEST_CASE("generated phrases are valid and differ") {
  const SecretBytes first = generate_mnemonic(12);
  CHECK(entropy_from_mnemonic(first.text()).value().size() == 16);
  CHECK(entropy_from_mnemonic(generate_mnemonic(24).text()).value().size() == 32);
  CHECK(first.text() != generate_mnemonic(12).text());
}

TEST_CASE("spacing and case of a typed phrase do not matter") {
  const SecretBytes expected = seed_from_mnemonic(kJunk, "").value();
  CHECK(equal(seed_from_mnemonic("  Test test\ttest test test test test test\n test test TEST junk \n", "")
                  .value()
                  .view(),
              expected.view()));
}

TEST_CASE("a mistyped phrase is refused without repeating it") {
  CHECK_FALSE(entropy_from_mnemonic(""));
  CHECK_FALSE(entropy_from_mnemonic("test junk"));
  CHECK_FALSE(entropy_from_mnemonic(kJunk + " test"));
  CHECK_FALSE(entropy_from_mnemonic("test test test test test test test test test test test test"));
  std::string long_phrase;
  for (int i = 0; i < 30; ++i) long_phrase += "test ";
  CHECK_FALSE(entropy_from_mnemonic(long_phrase));
  const auto unknown = entropy_from_mnemonic("test tset test test test test test test test test test junk");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find("word 2") != std::string::npos);
  CHECK(unknown.error().message.find("tset") == std::string::npos);
}
