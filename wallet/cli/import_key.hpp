// Keys from elsewhere.
#pragma once

#include <string>

#include "crypto/secp256k1.hpp"
#include "wallet/cli/context.hpp"

namespace aitbc::cli {

// At most one of the files; none: the key or mnemonic is asked for without echo.
struct ImportSource {
  std::string key_file;
  std::string mnemonic_file;
  std::string keystore_file;
  std::uint32_t index = 0;  // of a mnemonic's account
};

Outcome<PrivateKey> read_key(const Context& context, const ImportSource& source);
Outcome<wallet::Keystore> read_keystore(const ImportSource& source);

}  // namespace aitbc::cli
