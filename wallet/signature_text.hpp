// Signatures as wallets exchange them: r, s, and v as 27 or 28, as 0x and 130 digits.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc::wallet {

std::string sign_text(const PrivateKey& key, const Hash& digest);

// Whose signature of the digest it is; v may be 0 or 1, too. Fails (invalid_input) when it is nobody's.
Result<Address> signer_of(const Hash& digest, std::string_view signature);

}  // namespace aitbc::wallet
