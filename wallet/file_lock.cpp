#include "wallet/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace aitbc::wallet {

Result<FileLock> FileLock::open(const std::filesystem::path& path) {
  FileLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.fd_ < 0)
    return fail(ErrorCode::io,
                "cannot open " + path.string() + ": " + std::generic_category().message(errno));
  return lock;
}

Result<FileLock> FileLock::take(const std::filesystem::path& path) {
  AITBC_ASSIGN(FileLock lock, open(path));
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorCode::conflict, "another process holds " + path.string());
  return lock;
}

Result<FileLock> FileLock::wait(const std::filesystem::path& path) {
  AITBC_ASSIGN(FileLock lock, open(path));
  while (::flock(lock.fd_, LOCK_EX) != 0) {
    if (errno != EINTR)
      return fail(ErrorCode::io,
                  "cannot lock " + path.string() + ": " + std::generic_category().message(errno));
  }
  return lock;
}

bool FileLock::is_held(const std::filesystem::path& path) {
  const FileLock probe(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return probe.fd_ >= 0 && ::flock(probe.fd_, LOCK_SH | LOCK_NB) != 0;
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> make_private_folder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  if (error) return fail(ErrorCode::io, "cannot create " + path.string() + ": " + error.message());
  return {};
}

}  // namespace aitbc::wallet
