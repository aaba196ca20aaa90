#include "node/commands/devnet_wallet.hpp"

#include "wallet/hd_key.hpp"
#include "wallet/mnemonic.hpp"
#include "wallet/wallet_directory.hpp"

namespace aitbc::commands {

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
