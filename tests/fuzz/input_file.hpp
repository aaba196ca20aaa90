// An input as a file, for what reads files: it lives in memory and has a path while the object lives.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "base/bytes.hpp"
#include "base/check.hpp"

namespace aitbc::fuzz {

class InputFile {
 public:
  explicit InputFile(ByteView content) : descriptor_(::memfd_create("input", MFD_CLOEXEC)) {
    AITBC_CHECK(descriptor_ >= 0, "no file in memory");
    AITBC_CHECK(::write(descriptor_, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
                "a file in memory takes everything");
  }
  ~InputFile() { ::close(descriptor_); }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace aitbc::fuzz
