// BIP-39: keys as words. English only, so every phrase is ASCII and its NFKD form is itself. A passphrase
// that is not ASCII would have to be normalized first, which is not offered.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "wallet/secret.hpp"

namespace aitbc::wallet {

// 12, 15, 18, 21 or 24 words from the operating system's random source. Precondition: one of these.
SecretBytes generate_mnemonic(std::size_t words);

// Of 16, 20, 24, 28 or 32 bytes; single spaces between the words.
Result<SecretBytes> mnemonic_from_entropy(ByteView entropy);
// Takes any white space between words and either case. Fails on an unknown word (its position is named, the
// word is not), a wrong number of words, or a wrong checksum.
Result<SecretBytes> entropy_from_mnemonic(std::string_view phrase);

// The 64-byte seed of BIP-32. Checks and normalizes nothing: any bytes have a seed.
SecretBytes seed_from_phrase(std::string_view phrase, std::string_view passphrase);
// Checks the phrase first and brings it to its canonical spacing and case. Fails (unsupported) on a
// passphrase that is not ASCII, whose accounts would differ from those that other wallets derive.
Result<SecretBytes> seed_from_mnemonic(std::string_view phrase, std::string_view passphrase);

}  // namespace aitbc::wallet
