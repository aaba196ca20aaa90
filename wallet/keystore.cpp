#include "wallet/keystore.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/check.hpp"
#include "codec/hex.hpp"
#include "codec/utf8.hpp"
#include "crypto/keccak.hpp"

namespace aitbc::wallet {
namespace {

constexpr std::size_t kDerivedSize = 32;

Result<SecretBytes> derive_key(const Keystore& keystore, ByteView password) {
  if (const auto* cost = std::get_if<ScryptCost>(&keystore.cost))
    return scrypt(password, keystore.salt, *cost, kDerivedSize);
  const auto& cost = std::get<Pbkdf2Cost>(keystore.cost);
  return pbkdf2_sha256(password, keystore.salt, cost.iterations, kDerivedSize);
}

// AES-128-CTR is its own inverse.
void apply_aes_ctr(ByteView key, ByteView iv, ByteView input, std::span<std::uint8_t> output) {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  AITBC_CHECK(context != nullptr, "no memory for a cipher");
  int written = 0;
  const bool done =
      EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nullptr, key.data(), iv.data()) == 1 &&
      EVP_EncryptUpdate(context, output.data(), &written, input.data(), static_cast<int>(input.size())) == 1;
  EVP_CIPHER_CTX_free(context);  // clears the key schedule
  AITBC_CHECK(done && static_cast<std::size_t>(written) == input.size(), "aes-128-ctr failed");
}

// keccak256(second half of the derived key || ciphertext).
Hash mac_of(const SecretBytes& derived, ByteView ciphertext) {
  SecretBytes preimage(16 + ciphertext.size());
  const ByteView mac_key = derived.view().subspan(16, 16);
  const auto after_key = std::copy(mac_key.begin(), mac_key.end(), preimage.writable().begin());
  std::copy(ciphertext.begin(), ciphertext.end(), after_key);
  return keccak256(preimage.view());
}

// A random UUID (RFC 4122, version 4).
std::string random_uuid() {
  std::array<std::uint8_t, 16> bytes{};
  fill_random(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string out = hex::encode(bytes);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) out.insert(dash, 1, '-');
  return out;
}

Result<void> check_options(const KeystoreOptions& options, ByteView password) {
  if (const auto* cost = std::get_if<ScryptCost>(&options.cost)) AITBC_TRY(check(*cost));
  if (const auto* cost = std::get_if<Pbkdf2Cost>(&options.cost)) {
    if (cost->iterations == 0 || cost->iterations > kMaxPbkdf2Iterations)
      return fail(ErrorCode::invalid_input, "pbkdf2: the number of iterations is out of range");
  }
  if (options.unlocked && !is_utf8(as_text(password)))
    return fail(ErrorCode::invalid_input, "the password of an unlocked wallet must be text");
  return {};
}

}  // namespace

Result<Keystore> encrypt_key(const PrivateKey& key, ByteView password, const KeystoreOptions& options) {
  AITBC_TRY(check_options(options, password));
  Keystore out;
  out.cost = options.cost;
  out.salt.resize(32);
  fill_random(out.salt);
  fill_random(out.iv.bytes);
  out.id = random_uuid();
  out.address = key.address();
  out.has_checksum = true;
  if (options.unlocked) out.open_password = std::string(as_text(password));

  AITBC_ASSIGN(const SecretBytes derived, derive_key(out, password));
  apply_aes_ctr(derived.view().first(16), out.iv, key.secret(), out.ciphertext.bytes);
  out.mac = mac_of(derived, out.ciphertext);
  return out;
}

Result<PrivateKey> decrypt_key(const Keystore& keystore, ByteView password) {
  AITBC_ASSIGN(const SecretBytes derived, derive_key(keystore, password));
  const Hash mac = mac_of(derived, keystore.ciphertext);
  if (CRYPTO_memcmp(mac.data(), keystore.mac.data(), Hash::kSize) != 0)
    return fail(ErrorCode::invalid_input, keystore.has_checksum
                                              ? "the password is wrong"
                                              : "the password is wrong (or the encrypted key is damaged)");
  SecretBytes secret(keystore.ciphertext.size());
  apply_aes_ctr(derived.view().first(16), keystore.iv, keystore.ciphertext, secret.writable());
  const auto key = PrivateKey::from_bytes(secret.view());
  if (!key) return fail(ErrorCode::corruption, "the keystore holds something that is not a private key");
  if (keystore.address && *keystore.address != key->address())
    return fail(ErrorCode::corruption, "the keystore's key belongs to another address than the file says");
  return *key;
}

}  // namespace aitbc::wallet
