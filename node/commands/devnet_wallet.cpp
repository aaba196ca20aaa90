#include "node/commands/devnet_wallet.hpp"

#include <chrono>

#include "node/rest/api_keys.hpp"
#include "wallet/hd_key.hpp"
#include "wallet/mnemonic.hpp"
#include "wallet/wallet_directory.hpp"

namespace aitbc::commands {

namespace {

constexpr unsigned kApiAccounts = 10;

Result<void> ensure_api_key(const std::filesystem::path& file, const std::string& name, unsigned index) {
  const auto seed = wallet::seed_from_phrase(kDevnetMnemonic, "");
  AITBC_ASSIGN(const PrivateKey key, wallet::account_key(seed.view(), index));
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  auto added = rest::add_given_api_key(file, name, key, "aitbc_devnet_" + name,
                                       {static_cast<std::uint64_t>(now.count())});
  if (!added && added.error().code != ErrorCode::conflict) return added;
  return {};
}

}  // namespace

Result<void> make_devnet_api_keys(const std::filesystem::path& file) {
  AITBC_TRY(ensure_api_key(file, kDevnetWallet, kDevnetWalletIndex));
  for (unsigned i = 0; i < kApiAccounts; ++i)
    AITBC_TRY(ensure_api_key(file, "account-" + std::to_string(i), i));
  return {};
}

Result<void> make_devnet_wallet(const std::filesystem::path& wallet_dir) {
  const auto seed = wallet::seed_from_phrase(kDevnetMnemonic, "");
  AITBC_ASSIGN(const PrivateKey key, wallet::account_key(seed.view(), kDevnetWalletIndex));
  const wallet::WalletDirectory wallets(wallet_dir);
  if (wallets.contains(kDevnetWallet)) {
    AITBC_ASSIGN(const wallet::Keystore existing, wallets.read(kDevnetWallet));
    if (existing.address == key.address()) return {};
    return fail(ErrorCode::conflict, wallet_dir.string() + " has another wallet named " + kDevnetWallet +
                                         "; give another --wallet-dir");
  }
  wallet::KeystoreOptions options;
  options.cost = wallet::kLightScrypt;  // the key is public anyway
  options.unlocked = true;
  AITBC_TRY(wallets.add(kDevnetWallet, key, as_bytes(kDevnetPassword), options));
  return {};
}

}  // namespace aitbc::commands
