#include "wallet/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace aitbc::wallet {
namespace {

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

std::string reason(int error) { return std::error_code(error, std::generic_category()).message(); }

tl::unexpected<Error> io_failure(const char* what, const std::filesystem::path& path) {
  return fail(ErrorCode::io, std::string("cannot ") + what + " " + path.string() + ": " + reason(errno));
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool sync_folder(const std::filesystem::path& folder) {
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.is_open() && ::fsync(fd.get()) == 0;
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

// Writes a temporary file beside `path`, makes it durable, and puts it in place with `publish`.
template <class Publish>
Result<void> write_and(const std::filesystem::path& path, std::string_view content, Publish publish) {
  std::string temporary = (folder_of(path) / ".new-XXXXXX").string();
  const Descriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
  if (!fd.is_open()) return io_failure("create a file in", folder_of(path));
  const bool published = write_all(fd.get(), content) && ::fsync(fd.get()) == 0 && publish(temporary.c_str());
  if (!published) {
    const int error = errno;
    ::unlink(temporary.c_str());
    errno = error;
    if (error == EEXIST) return fail(ErrorCode::conflict, path.string() + " exists already");
    return io_failure("write", path);
  }
  if (!sync_folder(folder_of(path))) return io_failure("write", folder_of(path));
  return {};
}

}  // namespace

Result<void> write_new_file(const std::filesystem::path& path, std::string_view content) {
  // A link, unlike a rename, does not replace a file that is there already.
  return write_and(path, content, [&path](const char* temporary) {
    const bool linked = ::link(temporary, path.c_str()) == 0;
    const int error = errno;
    ::unlink(temporary);
    errno = error;
    return linked;
  });
}

Result<void> replace_file(const std::filesystem::path& path, std::string_view content) {
  return write_and(path, content,
                   [&path](const char* temporary) { return ::rename(temporary, path.c_str()) == 0; });
}

bool others_may_read(const std::filesystem::path& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

Result<std::string> read_small_file(const std::filesystem::path& path, std::size_t most_bytes) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.is_open() && errno == ENOENT)
    return fail(ErrorCode::not_found, "there is no file " + path.string());
  if (!fd.is_open()) return io_failure("open", path);
  std::string out(most_bytes + 1, '\0');
  std::size_t size = 0;
  while (size < out.size()) {
    const ssize_t got = ::read(fd.get(), out.data() + size, out.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_failure("read", path);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > most_bytes) return fail(ErrorCode::limit, path.string() + " is too large");
  out.resize(size);
  return out;
}

}  // namespace aitbc::wallet
