// api-key create, list, revoke: who may have this node sign, and with which wallet.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "codec/hex.hpp"
#include "node/commands/commands.hpp"
#include "node/data_directory.hpp"
#include "node/rest/api_keys.hpp"
#include "node/rest/iso_time.hpp"
#include "wallet/wallet_directory.hpp"

namespace aitbc::commands {
namespace {

constexpr std::uint64_t kDay_seconds = 86'400;

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread starts
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// From the file, the environment, the wallet itself when it is an open one, or whoever sits there.
Result<std::string> password_for(const ApiKeyOptions& options, const wallet::Keystore& keystore) {
  if (!options.password_file.empty()) {
    AITBC_ASSIGN(std::string text, read_text_file(options.password_file));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
  }
  if (const auto given = environment("AITBC_PASSWORD")) return *given;
  if (keystore.open_password) return *keystore.open_password;
  if (::isatty(STDIN_FILENO) == 0)
    return fail(ErrorCode::invalid_input,
                "the wallet has a password: give --password-file or AITBC_PASSWORD");
  const std::string prompt = "Password of wallet " + options.wallet + ": ";
  char* typed = ::getpass(prompt.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (typed == nullptr) return fail(ErrorCode::invalid_input, "no password was typed");
  std::string out = typed;
  secure_clear({reinterpret_cast<std::uint8_t*>(typed), out.size()});  // getpass keeps its buffer
  return out;
}

Result<PrivateKey> open_wallet(const ApiKeyOptions& options) {
  const std::filesystem::path folder =
      options.wallet_dir.empty()
          ? wallet::default_wallet_folder(environment("AITBC_WALLET_DIR"), environment("HOME"))
          : options.wallet_dir;
  AITBC_ASSIGN(const wallet::Keystore keystore, wallet::WalletDirectory(folder).read(options.wallet));
  AITBC_ASSIGN(std::string password, password_for(options, keystore));
  auto key = wallet::decrypt_key(keystore, as_bytes(password));
  secure_clear({reinterpret_cast<std::uint8_t*>(password.data()), password.size()});
  return key;
}

std::uint64_t now_seconds() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
}

std::string end_of(const rest::KeyLife& life) {
  if (life.expires_at == 0) return "does not expire";
  return (life.expires_at <= now_seconds() ? "expired " : "expires ") + rest::iso_time(life.expires_at);
}

}  // namespace

int api_key_create(const NodeConfig& config, const ApiKeyOptions& options) {
  const auto wallet = open_wallet(options);
  if (!wallet) return report(wallet.error());
  rest::KeyLife life{now_seconds()};
  if (options.days > 0) life.expires_at = life.created_at + options.days * kDay_seconds;
  const auto key = rest::add_api_key(config.api_keys_path(), options.name, *wallet, life);
  if (!key) return report(key.error());
  std::fprintf(stderr, "This key is shown once. Whoever has it may spend from %s.\n",
               hex::checksummed(wallet->address()).c_str());
  std::printf("%s\n", key->c_str());
  if (!config.rest.hosted_wallets)
    std::fprintf(stderr, "Set rest.hosted-wallets = true for the node to take it.\n");
  return kOk;
}

int api_key_list(const NodeConfig& config) {
  const auto entries = rest::read_api_keys(config.api_keys_path());
  if (!entries) return report(entries.error());
  for (const rest::ApiKeyEntry& entry : *entries)
    std::printf("%-24s %s  %s  %s\n", entry.name.c_str(), hex::checksummed(entry.wallet).c_str(),
                rest::iso_time(entry.life.created_at).c_str(), end_of(entry.life).c_str());
  return kOk;
}

int api_key_revoke(const NodeConfig& config, const std::string& name) {
  if (const auto done = rest::revoke_api_key(config.api_keys_path(), name); !done)
    return report(done.error());
  std::printf("revoked %s; a running node sees it within a second\n", name.c_str());
  return kOk;
}

}  // namespace aitbc::commands
