// Where passwords come from.
#pragma once

#include <string>

#include "crypto/secp256k1.hpp"
#include "wallet/cli/context.hpp"

namespace aitbc::cli {

// The password of the public development network. It protects nothing, so wallets made with it are marked
// unlocked and need none afterwards.
inline constexpr std::string_view kDevelopmentPassword = "123";

// For a new wallet: --password-file, --password, AITBC_PASSWORD, or asked for twice.
Outcome<wallet::SecretBytes> new_password(const Context& context, const std::string& wallet_name);

// Opens a wallet with --password-file, --password, the password that an unlocked file carries,
// AITBC_PASSWORD, or one that is asked for: the first of these that there is.
Outcome<PrivateKey> open_wallet(const Context& context, const std::string& name);

// Opens any keystore in the same way; `what` names it in questions and messages.
Outcome<PrivateKey> open_keystore(const Context& context, const wallet::Keystore& keystore,
                                  const std::string& what);

}  // namespace aitbc::cli
