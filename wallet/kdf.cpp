#include "wallet/kdf.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/check.hpp"

namespace aitbc::wallet {
namespace {

SecretBytes pbkdf2(const EVP_MD* digest, ByteView password, ByteView salt, std::uint32_t iterations,
                   std::size_t size) {
  SecretBytes out(size);
  const int done =
      PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(password.data()), static_cast<int>(password.size()),
                        salt.data(), static_cast<int>(salt.size()), static_cast<int>(iterations), digest,
                        static_cast<int>(size), out.writable().data());
  AITBC_CHECK(done == 1, "pbkdf2 failed");
  return out;
}

}  // namespace

void clear_text(std::string& text) {
  text.resize(text.capacity());
  secure_clear({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  text.clear();
}

SecretBytes pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations, std::size_t size) {
  return pbkdf2(EVP_sha256(), password, salt, iterations, size);
}

SecretBytes pbkdf2_sha512(ByteView password, ByteView salt, std::uint32_t iterations, std::size_t size) {
  return pbkdf2(EVP_sha512(), password, salt, iterations, size);
}

SecretBytes hmac_sha512(ByteView key, ByteView message) {
  SecretBytes out(64);
  unsigned int size = 0;
  const auto* digest = HMAC(EVP_sha512(), key.data(), static_cast<int>(key.size()), message.data(),
                            message.size(), out.writable().data(), &size);
  AITBC_CHECK(digest != nullptr && size == 64, "hmac failed");
  return out;
}

void fill_random(std::span<std::uint8_t> out) {
  AITBC_CHECK(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1, "no randomness");
}

}  // namespace aitbc::wallet
