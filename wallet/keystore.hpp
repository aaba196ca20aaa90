// Web3 Secret Storage, version 3: a private key under a password, in the JSON that geth, MetaMask and ethers
// exchange. Adds one optional member, "aitbc", which other programs ignore:
//     "checksum"  keccak256 over the public parts, so that a damaged file is told apart from a wrong password
//     "unlocked"  true in development wallets: "password" beside it opens the file, so nothing has to be
//     typed
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/secp256k1.hpp"
#include "wallet/kdf.hpp"

namespace aitbc::wallet {

struct Pbkdf2Cost {
  std::uint32_t iterations = 262144;  // of HMAC-SHA256
  bool operator==(const Pbkdf2Cost&) const = default;
};
// More iterations than this are refused.
inline constexpr std::uint32_t kMaxPbkdf2Iterations = 10'000'000;

// What a file says, checked for form but not opened. Nothing in it is secret.
struct Keystore {
  std::variant<ScryptCost, Pbkdf2Cost> cost;
  Bytes salt;
  FixedBytes<16, struct AesIvTag> iv;
  FixedBytes<32, struct CiphertextTag> ciphertext;
  Hash mac;
  std::string id;  // a UUID
  std::optional<Address> address;
  // Whether the file carries a checksum, which then was right.
  bool has_checksum = false;
  // The password of a development wallet, known to everybody who can read the file.
  std::optional<std::string> open_password;
};

struct KeystoreOptions {
  std::variant<ScryptCost, Pbkdf2Cost> cost = kStandardScrypt;
  // Writes the password into the file. For keys that guard nothing: development networks and tests.
  bool unlocked = false;
};

// Fails (corruption) when the text is not a version 3 keystore or its checksum is wrong, (unsupported) on
// other ciphers and derivations, (limit) when opening it would cost too much memory or time.
Result<Keystore> parse_keystore(std::string_view json);

// Salt, iv and id are random. Fails (invalid_input) on bad costs, and on an unlocked password that is not
// UTF-8.
Result<Keystore> encrypt_key(const PrivateKey& key, ByteView password, const KeystoreOptions& options = {});
std::string to_json(const Keystore& keystore);

// Fails (invalid_input) when the password is wrong; (corruption) when the key that comes out is none or has
// another address. Without a checksum in the file, damage to the encrypted key looks like a wrong password.
Result<PrivateKey> decrypt_key(const Keystore& keystore, ByteView password);

}  // namespace aitbc::wallet
