#include "node/rest/api_keys.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "base/check.hpp"
#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "node/json/json_value.hpp"
#include "node/json/json_writer.hpp"
#include "wallet/file_lock.hpp"
#include "wallet/files.hpp"

namespace aitbc::rest {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKeyPrefix = "aitbc_";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kSecretBytes = 32;
// A key has 256 bits of its own: one hash, under a name of its own, makes an encryption key of it.
constexpr std::string_view kSealLabel = "aitbc/api-key/seal";
constexpr std::size_t kMaxNameSize = 64;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

void random_fill(std::span<std::uint8_t> out) {
  AITBC_CHECK(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1, "the random source does not work");
}

Hash hash_of(std::string_view key) { return keccak256(as_bytes(key)); }

Hash seal_key(std::string_view key) {
  Bytes input = to_bytes(as_bytes(kSealLabel));
  input.insert(input.end(), key.begin(), key.end());
  const Hash out = keccak256(input);
  secure_clear(input);
  return out;
}

// Nonce, ciphertext, tag; bound to the wallet's address.
Bytes seal(const PrivateKey& wallet, std::string_view key) {
  Bytes out(kNonceBytes + kSecretBytes + kTagBytes);
  random_fill(std::span(out).first(kNonceBytes));
  Hash secret_key = seal_key(key);
  const Address address = wallet.address();
  const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int size = 0;
  bool done =
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, secret_key.data(), out.data()) == 1;
  done = done && EVP_EncryptUpdate(cipher.get(), nullptr, &size, address.data(), Address::kSize) == 1;
  done = done && EVP_EncryptUpdate(cipher.get(), out.data() + kNonceBytes, &size, wallet.secret().data(),
                                   kSecretBytes) == 1;
  done = done && EVP_EncryptFinal_ex(cipher.get(), out.data() + kNonceBytes + kSecretBytes, &size) == 1;
  done = done && EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                                     out.data() + kNonceBytes + kSecretBytes) == 1;
  AITBC_CHECK(done, "AES-GCM is not available");
  secure_clear({secret_key.data(), Hash::kSize});
  return out;
}

Result<PrivateKey> unseal(const ApiKeyEntry& entry, std::string_view key) {
  std::array<std::uint8_t, kSecretBytes> secret{};
  Hash secret_key = seal_key(key);
  Bytes tag(entry.sealed.end() - kTagBytes, entry.sealed.end());
  const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int size = 0;
  bool done = EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, secret_key.data(),
                                 entry.sealed.data()) == 1;
  done = done && EVP_DecryptUpdate(cipher.get(), nullptr, &size, entry.wallet.data(), Address::kSize) == 1;
  done = done && EVP_DecryptUpdate(cipher.get(), secret.data(), &size, entry.sealed.data() + kNonceBytes,
                                   kSecretBytes) == 1;
  done = done && EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1;
  done = done && EVP_DecryptFinal_ex(cipher.get(), secret.data() + kSecretBytes, &size) == 1;
  secure_clear({secret_key.data(), Hash::kSize});
  if (!done)
    return fail(ErrorCode::corruption, "the API key file was changed: " + entry.name + " does not open");
  auto out = PrivateKey::from_bytes(secret);
  secure_clear(secret);
  return out;
}

tl::unexpected<Error> io_failure(const char* what, const fs::path& file) {
  return fail(ErrorCode::io,
              std::string("cannot ") + what + " " + file.string() + ": " + std::strerror(errno));
}

Result<ApiKeyEntry> parse_entry(Json json, const fs::path& file) {
  const auto bad = [&] { return fail(ErrorCode::corruption, file.string() + " is not an API key file"); };
  if (!json.find("name").is_string() || !json.find("wallet").is_string() ||
      !json.find("key_hash").is_string() || !json.find("sealed").is_string())
    return bad();
  const auto wallet = hex::parse_address(json.find("wallet").string());
  const auto hash = hex::decode_fixed<Hash>(json.find("key_hash").string());
  const auto sealed = hex::decode(json.find("sealed").string());
  const auto seconds = [&json](std::string_view name) {
    return json.find(name).kind() == Json::Kind::number ? json.find(name).u64() : std::nullopt;
  };
  const auto created = seconds("created_at");
  const auto expires = json.has("expires_at") ? seconds("expires_at") : 0;
  if (!wallet || !hash || !sealed || sealed->size() != kNonceBytes + kSecretBytes + kTagBytes || !created ||
      !expires)
    return bad();
  return ApiKeyEntry{std::string(json.find("name").string()), *wallet, *hash, *sealed, {*created, *expires}};
}

std::string to_text(const std::vector<ApiKeyEntry>& entries) {
  std::string text;
  JsonWriter out(text);
  out.begin_object().key("keys").begin_array();
  for (const ApiKeyEntry& entry : entries)
    out.begin_object()
        .key("name")
        .text(entry.name)
        .key("wallet")
        .text(hex::checksummed(entry.wallet))
        .key("key_hash")
        .data(entry.key_hash)
        .key("sealed")
        .data(entry.sealed)
        .key("created_at")
        .number(entry.life.created_at)
        .key("expires_at")
        .number(entry.life.expires_at)
        .end_object();
  out.end_array().end_object();
  return text + "\n";
}

// For as long as it lives nobody else changes the file: of two who read it before either wrote, the second
// would take the first one's change back.
Result<wallet::FileLock> wait_to_change(const fs::path& file) {
  fs::path lock = file;
  lock += ".lock";
  return wallet::FileLock::wait(lock);
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameSize && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

}  // namespace

Result<std::vector<ApiKeyEntry>> read_api_keys(const fs::path& file) {
  if (!fs::exists(file)) return std::vector<ApiKeyEntry>();
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return io_failure("read", file);
  JsonDocument document;
  const auto json = document.parse(text);
  if (!json || !json->find("keys").is_array())
    return fail(ErrorCode::corruption, file.string() + " is not an API key file");
  std::vector<ApiKeyEntry> out;
  for (std::size_t i = 0; i < json->find("keys").size(); ++i) {
    AITBC_ASSIGN(ApiKeyEntry entry, parse_entry(json->find("keys")[i], file));
    out.push_back(std::move(entry));
  }
  return out;
}

Result<void> add_given_api_key(const fs::path& file, const std::string& name, const PrivateKey& wallet,
                               std::string_view key, KeyLife life) {
  if (!is_name(name))
    return fail(ErrorCode::invalid_input, "a name has 1 to 64 letters, digits, '-', '_' and '.'");
  AITBC_ASSIGN(const wallet::FileLock lock, wait_to_change(file));
  AITBC_ASSIGN(std::vector<ApiKeyEntry> entries, read_api_keys(file));
  const bool taken = std::any_of(entries.begin(), entries.end(), [&](const ApiKeyEntry& entry) {
    return entry.name == name || entry.key_hash == hash_of(key);
  });
  if (taken)
    return fail(ErrorCode::conflict, "there is an API key named " + name + " already; revoke it first");
  entries.push_back({name, wallet.address(), hash_of(key), seal(wallet, key), life});
  return wallet::replace_file(file, to_text(entries));
}

Result<std::string> add_api_key(const fs::path& file, const std::string& name, const PrivateKey& wallet,
                                KeyLife life) {
  std::array<std::uint8_t, kKeyBytes> random{};
  random_fill(random);
  std::string key = std::string(kKeyPrefix) + hex::encode(random);
  AITBC_TRY(add_given_api_key(file, name, wallet, key, life));
  return key;
}

Result<void> revoke_api_key(const fs::path& file, const std::string& name) {
  AITBC_ASSIGN(const wallet::FileLock lock, wait_to_change(file));
  AITBC_ASSIGN(std::vector<ApiKeyEntry> entries, read_api_keys(file));
  if (std::erase_if(entries, [&](const ApiKeyEntry& entry) { return entry.name == name; }) == 0)
    return fail(ErrorCode::not_found, "there is no API key named " + name);
  return wallet::replace_file(file, to_text(entries));
}

ApiKeyRing::Version ApiKeyRing::version_on_disk() const {
  struct stat status {};
  if (::stat(file_.c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

Result<void> ApiKeyRing::refresh(std::uint64_t now) {
  if (looked_at_ == now) return {};
  const Version version = version_on_disk();
  if (looked_at_ == 0 || version != read_) {
    AITBC_ASSIGN(entries_, read_api_keys(file_));
    read_ = version;
  }
  looked_at_ = now;
  return {};
}

Result<std::optional<ApiKeyRing::Caller>> ApiKeyRing::find(std::string_view key, std::uint64_t now) {
  ApiKeyEntry found;
  {
    const std::lock_guard lock(mutex_);
    AITBC_TRY(refresh(now));
    // By its hash: how long the comparison takes says nothing about the key.
    const Hash hash = hash_of(key);
    const auto at = std::find_if(entries_.begin(), entries_.end(),
                                 [&](const ApiKeyEntry& entry) { return entry.key_hash == hash; });
    if (at == entries_.end()) return std::optional<Caller>();
    found = *at;
  }
  AITBC_ASSIGN(PrivateKey wallet, unseal(found, key));
  const bool has_expired = found.life.expires_at != 0 && found.life.expires_at <= now;
  return std::optional<Caller>(Caller{found.name, std::move(wallet), has_expired});
}

}  // namespace aitbc::rest
