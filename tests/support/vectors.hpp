// Finds the public test vectors, which live beside the checkout and are not part of it.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace aitbc::test {

// The folder of the vectors: AITBC_VECTORS, or ../shared/vectors beside the source tree. nullopt, with a
// message, when absent.
inline std::optional<std::filesystem::path> vectors_folder() {
  const char* chosen =
      std::getenv("AITBC_VECTORS");  // NOLINT(concurrency-mt-unsafe): tests are single-threaded here
  const std::filesystem::path folder = chosen != nullptr
                                           ? std::filesystem::path(chosen)
                                           : std::filesystem::path(AITBC_SOURCE_DIR) / "../shared/vectors";
  if (std::filesystem::is_directory(folder)) return folder;
  MESSAGE("SKIPPED: no test vectors at " << folder.string() << " (set AITBC_VECTORS to their folder)");
  return std::nullopt;
}

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace aitbc::test
