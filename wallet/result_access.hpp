// Who may fetch a job's result from its provider: the job's customer, by an EIP-712 signature
//     domain   name "AITBC results", version "1", chainId, verifyingContract: the marketplace
//     message  ResultAccess(uint64 jobId,uint64 expires)        expires: Unix seconds
// sent as "?expires=N&signature=0x..." (r, s, and v as 27 or 28 or as 0 or 1), so that a link works as well.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc::wallet {

struct ResultAccess {
  std::uint64_t chain_id = 0;
  Address contract;
  std::uint64_t job = 0;
  std::uint64_t expires = 0;
};
// What is signed.
Hash access_digest(const ResultAccess& access);

// "expires=N&signature=0x..."
std::string sign_access(const ResultAccess& access, const PrivateKey& key);

// Who signed. Fails (invalid_input) when the signature is malformed.
Result<Address> access_signer(const ResultAccess& access, std::string_view signature_hex);

// No signature is accepted for longer than this from now on.
inline constexpr std::uint64_t kMaxAccess_seconds = 86'400;

}  // namespace aitbc::wallet
