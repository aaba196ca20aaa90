#include "wallet/cli/account_turn.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "codec/hex.hpp"

namespace aitbc::cli {

AccountTurn::AccountTurn(const std::filesystem::path& folder, const Address& account) {
  const std::filesystem::path file = folder / ("." + hex::encode(account) + ".turn");
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  while (fd_ >= 0 && ::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

AccountTurn::~AccountTurn() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace aitbc::cli
