// A folder that lasts as long as this object.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace aitbc::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    static int next = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("aitbc-storage-" + std::to_string(getpid()) + "-" + std::to_string(next++));
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace aitbc::test
