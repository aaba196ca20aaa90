// The development network's operations wallet. Everything about it is public.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace aitbc::commands {

inline constexpr const char* kDevnetMnemonic = "test test test test test test test test test test test junk";
inline constexpr const char* kDevnetWallet = "genesis-ops";
inline constexpr const char* kDevnetPassword = "123";
inline constexpr unsigned kDevnetWalletIndex =
    10;  // of m/44'/60'/0'/0/i; funded by genesis/networks/devnet.json

// Adds API keys for the wallet above and for the mnemonic's first accounts: "aitbc_devnet_genesis-ops",
// "aitbc_devnet_account-0" to -9. Those that are there stay.
Result<void> make_devnet_api_keys(const std::filesystem::path& file);

// Makes the wallet in the folder. One that is there stays; conflict when it is another key's.
Result<void> make_devnet_wallet(const std::filesystem::path& wallet_dir);

}  // namespace aitbc::commands
