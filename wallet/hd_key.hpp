// BIP-32 keys from a seed, and BIP-44's paths for Ethereum accounts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "crypto/secp256k1.hpp"
#include "wallet/secret.hpp"

namespace aitbc::wallet {

// Child indexes from here up are hardened.
inline constexpr std::uint32_t kHardened = 0x80000000U;

struct HdKey {
  PrivateKey key;
  SecretBytes chain_code;  // 32 bytes
};

// Of a seed of 16 to 64 bytes.
Result<HdKey> master_key(ByteView seed);
// Fails for one index in 2^127, as the standard has it; the caller takes the next one.
Result<HdKey> child_key(const HdKey& parent, std::uint32_t index);

// "m/44'/60'/0'/0/0"; ' or h marks hardened indexes. "m" is the master key.
Result<std::vector<std::uint32_t>> parse_path(std::string_view path);
Result<HdKey> derive(const HdKey& master, std::string_view path);

// m/44'/60'/0'/0/index, where Ethereum wallets keep their accounts.
std::string account_path(std::uint32_t index);
Result<PrivateKey> account_key(ByteView seed, std::uint32_t index);

}  // namespace aitbc::wallet
