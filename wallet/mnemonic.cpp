#include "wallet/mnemonic.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <string>

#include "base/check.hpp"
#include "wallet/bip39_words.hpp"
#include "wallet/kdf.hpp"

namespace aitbc::wallet {
namespace {

constexpr std::size_t kBitsPerWord = 11;
constexpr std::uint32_t kSeedIterations = 2048;
constexpr std::size_t kSeedSize = 64;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// One checksum bit per 32 bits of entropy, so a phrase has three words for each of those.
bool is_entropy_size(std::size_t bytes) { return bytes >= 16 && bytes <= 32 && bytes % 4 == 0; }
bool is_word_count(std::size_t words) { return words >= 12 && words <= 24 && words % 3 == 0; }

std::uint8_t first_checksum_byte(ByteView entropy) {
  std::uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256(entropy.data(), entropy.size(), digest);
  const std::uint8_t first = digest[0];
  secure_clear(digest);
  return first;
}

bool bit_at(ByteView bytes, std::size_t index) { return (bytes[index / 8] >> (7 - index % 8) & 1) != 0; }

// The next word, lower case, in `word`; empty at the end.
std::string_view take_word(std::string_view& phrase, std::string& word) {
  while (!phrase.empty() && is_space(phrase.front())) phrase.remove_prefix(1);
  word.clear();
  while (!phrase.empty() && !is_space(phrase.front())) {
    const char c = phrase.front();
    word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    phrase.remove_prefix(1);
  }
  return word;
}

}  // namespace

SecretBytes generate_mnemonic(std::size_t words) {
  AITBC_CHECK(is_word_count(words), "a mnemonic has 12, 15, 18, 21 or 24 words");
  SecretBytes entropy(words / 3 * 4);
  fill_random(entropy.writable());
  return mnemonic_from_entropy(entropy.view()).value();
}

Result<SecretBytes> mnemonic_from_entropy(ByteView entropy) {
  if (!is_entropy_size(entropy.size()))
    return fail(ErrorCode::invalid_input, "a mnemonic's entropy has 16, 20, 24, 28 or 32 bytes");
  SecretBytes bits(entropy.size() + 1);
  std::copy(entropy.begin(), entropy.end(), bits.writable().begin());
  bits.writable().back() = first_checksum_byte(entropy);

  const std::size_t words = entropy.size() * 3 / 4;
  std::string phrase;
  phrase.reserve(words * 9);  // no word is longer than 8 letters, so nothing is left behind by growing
  for (std::size_t i = 0; i < words; ++i) {
    std::size_t index = 0;
    for (std::size_t bit = 0; bit < kBitsPerWord; ++bit)
      index = index << 1 | static_cast<std::size_t>(bit_at(bits.view(), i * kBitsPerWord + bit));
    if (i != 0) phrase += ' ';
    phrase += kEnglishWords[index];
  }
  SecretBytes out = SecretBytes::from_text(phrase);
  clear_text(phrase);
  return out;
}

Result<SecretBytes> entropy_from_mnemonic(std::string_view phrase) {
  SecretBytes bits(33);
  std::string word;
  word.reserve(phrase.size() + 1);
  std::size_t words = 0;
  for (; !take_word(phrase, word).empty(); ++words) {
    const auto found = std::lower_bound(kEnglishWords.begin(), kEnglishWords.end(), word);
    if (found == kEnglishWords.end() || *found != word) {
      clear_text(word);
      return fail(ErrorCode::invalid_input,
                  "word " + std::to_string(words + 1) + " of the mnemonic is not in the English word list");
    }
    if (words == 24) {
      clear_text(word);
      return fail(ErrorCode::invalid_input, "a mnemonic has at most 24 words");
    }
    const auto index = static_cast<std::size_t>(found - kEnglishWords.begin());
    for (std::size_t bit = 0; bit < kBitsPerWord; ++bit) {
      const std::size_t at = words * kBitsPerWord + bit;
      const std::size_t value = index >> (kBitsPerWord - 1 - bit) & 1;
      bits.writable()[at / 8] = static_cast<std::uint8_t>(bits.view()[at / 8] | value << (7 - at % 8));
    }
  }
  clear_text(word);
  if (!is_word_count(words))
    return fail(ErrorCode::invalid_input,
                "a mnemonic has 12, 15, 18, 21 or 24 words, not " + std::to_string(words));
  const std::size_t size = words / 3 * 4;
  const ByteView entropy = bits.view().first(size);
  const auto unused_bits = static_cast<unsigned>(8 - words / 3);
  if (bits.view()[size] >> unused_bits != first_checksum_byte(entropy) >> unused_bits)
    return fail(ErrorCode::invalid_input,
                "the mnemonic's checksum is wrong: a word is mistyped or out of place");
  return SecretBytes(entropy);
}

SecretBytes seed_from_phrase(std::string_view phrase, std::string_view passphrase) {
  std::string salt = "mnemonic";
  salt += passphrase;
  SecretBytes seed = pbkdf2_sha512(as_bytes(phrase), as_bytes(salt), kSeedIterations, kSeedSize);
  clear_text(salt);
  return seed;
}

Result<SecretBytes> seed_from_mnemonic(std::string_view phrase, std::string_view passphrase) {
  AITBC_ASSIGN(const SecretBytes entropy, entropy_from_mnemonic(phrase));
  if (std::any_of(passphrase.begin(), passphrase.end(), [](char c) { return (c & 0x80) != 0; }))
    return fail(ErrorCode::unsupported, "a passphrase with characters outside of ASCII is not supported");
  AITBC_ASSIGN(const SecretBytes canonical, mnemonic_from_entropy(entropy.view()));
  return seed_from_phrase(canonical.text(), passphrase);
}

}  // namespace aitbc::wallet
