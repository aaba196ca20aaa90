// The files of a node: key, genesis, configuration, database.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "crypto/secp256k1.hpp"
#include "genesis/genesis.hpp"

namespace aitbc {

// A validator's secret key: 64 hex digits and a newline, mode 0600. Reading refuses a file that others may
// read.
Result<PrivateKey> read_key_file(const std::filesystem::path& file);
Result<void> write_key_file(const std::filesystem::path& file, const PrivateKey& key);
// The key in the file, which is made with a new one when it does not exist.
Result<PrivateKey> ensure_key_file(const std::filesystem::path& file);

// Parsed and validated; errors name the file.
Result<genesis::Genesis> read_genesis_file(const std::filesystem::path& file);

Result<std::string> read_text_file(const std::filesystem::path& file);
// Whole or not at all: by way of a temporary file beside it, synced. conflict when the file exists and
// `overwrite` is false.
struct WriteOptions {
  bool overwrite = false;
  bool secret = false;  // mode 0600
};
Result<void> write_text_file(const std::filesystem::path& file, std::string_view text,
                             const WriteOptions& options);

}  // namespace aitbc
