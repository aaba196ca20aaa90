// A file that one process at a time may hold, for as long as it runs, however it ends.
#pragma once

#include <filesystem>
#include <utility>

#include "base/result.hpp"

namespace aitbc::wallet {

class FileLock {
 public:
  // Makes the file when there is none. Fails (conflict) when another holder has it, (io) when it cannot be
  // made.
  static Result<FileLock> take(const std::filesystem::path& path);
  // The same, once the others are done with it: conflict is not a failure here.
  static Result<FileLock> wait(const std::filesystem::path& path);
  // Whether anybody has it.
  static bool is_held(const std::filesystem::path& path);

  FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  static Result<FileLock> open(const std::filesystem::path& path);

  int fd_;
};

// Makes a folder that is its owner's alone (mode 0700), and those above it. Fails (io).
Result<void> make_private_folder(const std::filesystem::path& path);

}  // namespace aitbc::wallet
