// Small files that hold secrets: written whole or not at all, readable by their owner only.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace aitbc::wallet {

// Creates the file with mode 0600 and makes it durable; readers never see a part of it. Fails (conflict) when
// it exists, (io) when the disk refuses.
Result<void> write_new_file(const std::filesystem::path& path, std::string_view content);

// The same, in place of what is there: readers see the old content or the new, and so does the next start
// after a crash.
Result<void> replace_file(const std::filesystem::path& path, std::string_view content);

// Whether anybody but the owner may read the file.
bool others_may_read(const std::filesystem::path& path);

// Fails (not_found) when there is none, (limit) when it is larger than `most_bytes`, (io) when it cannot be
// read.
Result<std::string> read_small_file(const std::filesystem::path& path, std::size_t most_bytes);

}  // namespace aitbc::wallet
