#include "wallet/cli/import_key.hpp"

#include "codec/hex.hpp"
#include "wallet/files.hpp"
#include "wallet/hd_key.hpp"
#include "wallet/mnemonic.hpp"

namespace aitbc::cli {
namespace {

using wallet::SecretBytes;

constexpr std::size_t kMaxKeyFile_bytes = 64 * 1024;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Outcome<SecretBytes> secret_from_file(const std::string& path) {
  AITBC_ASSIGN(std::string content, wallet::read_small_file(path, kMaxKeyFile_bytes));
  SecretBytes out = SecretBytes::from_text(content);
  wallet::clear_text(content);
  return out;
}

// Never repeats what it was given.
Outcome<PrivateKey> key_from_hex(std::string_view text) {
  auto bytes = hex::decode(trimmed(text));
  if (!bytes || bytes->size() != 32)
    return failed(Exit::usage, "that is not a private key: it has 64 hexadecimal digits");
  auto key = PrivateKey::from_bytes(*bytes);
  secure_clear(*bytes);
  if (!key) return failed(Exit::usage, "that is not a private key: it is out of range");
  return *key;
}

Outcome<PrivateKey> key_from_mnemonic(std::string_view text, std::uint32_t index) {
  AITBC_ASSIGN(const SecretBytes seed, wallet::seed_from_mnemonic(text, ""));
  AITBC_ASSIGN(const PrivateKey key, wallet::account_key(seed.view(), index));
  return key;
}

}  // namespace

Outcome<PrivateKey> read_key(const Context& context, const ImportSource& source) {
  if (!source.key_file.empty()) {
    AITBC_ASSIGN(const SecretBytes text, secret_from_file(source.key_file));
    return key_from_hex(text.text());
  }
  if (!source.mnemonic_file.empty()) {
    AITBC_ASSIGN(const SecretBytes text, secret_from_file(source.mnemonic_file));
    return key_from_mnemonic(text.text(), source.index);
  }
  const auto typed = context.env.ask_secret("Private key or mnemonic: ");
  if (!typed)
    return failed(Exit::usage, "nothing to import: give --private-key-file, --mnemonic-file or --keystore");
  const bool has_words = trimmed(typed->text()).find(' ') != std::string_view::npos;
  return has_words ? key_from_mnemonic(typed->text(), source.index) : key_from_hex(typed->text());
}

Outcome<wallet::Keystore> read_keystore(const ImportSource& source) {
  AITBC_ASSIGN(const std::string text, wallet::read_small_file(source.keystore_file, kMaxKeyFile_bytes));
  auto keystore = wallet::parse_keystore(text);
  if (!keystore)
    return failed(Failure(keystore.error()).code, source.keystore_file + ": " + keystore.error().message);
  return *std::move(keystore);
}

}  // namespace aitbc::cli
