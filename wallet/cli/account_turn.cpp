#include "wallet/cli/account_turn.hpp"

#include "codec/hex.hpp"

namespace aitbc::cli {

Result<wallet::FileLock> account_turn(const std::filesystem::path& folder, const Address& account) {
  return wallet::FileLock::wait(folder / ("." + hex::encode(account) + ".turn"));
}

}  // namespace aitbc::cli
