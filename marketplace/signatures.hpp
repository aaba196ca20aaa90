// EIP-712 signatures for the marketplace: domain {name "AITBC Marketplace", version "1", chainId,
// verifyingContract}.
#pragma once

#include "marketplace/context.hpp"

namespace aitbc::market {

Hash signing_digest(const Context& c, const Hash& struct_hash);
// 65 bytes r | s | v, v being 27 or 28 (as wallets make it) or 0 or 1. BadSignature when it is none.
Outcome<Address> recover_signer(const Hash& digest, const Bytes& signature);

}  // namespace aitbc::market
