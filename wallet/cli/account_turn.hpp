// One process of this machine at a time uses an account's next nonce.
#pragma once

#include <filesystem>

#include "base/bytes.hpp"
#include "wallet/file_lock.hpp"

namespace aitbc::cli {

// Waits for the others, and holds the turn for as long as the result lives. Without a folder that can be
// written to there is no order, and the node's refusals remain: a failure here is none of the command's.
Result<wallet::FileLock> account_turn(const std::filesystem::path& folder, const Address& account);

}  // namespace aitbc::cli
