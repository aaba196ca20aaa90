// The sub-commands of aitbc-node. Each prints what it does and returns the process's exit status.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "genesis/genesis.hpp"
#include "node/config.hpp"

namespace aitbc::commands {

// Documented in `aitbc-node --help`.
enum ExitStatus : int {
  kOk = 0,
  kFailure = 1,   // refused or invalid: the message says what
  kUsage = 2,     // wrong flags, settings or genesis file
  kStorage = 3,   // the disk failed or the database is damaged
  kConflict = 4,  // the database is in use, or belongs to another chain
  kInterrupted = 130,
};
// Prints "error: MESSAGE" and gives the status for its kind.
int report(const Error& error);

// Tells everybody who waits for it (standard output, the ready file, systemd) that requests are served at
// `url`.
void announce_ready(const NodeConfig& config, const std::string& url);

// Runs the node until SIGINT or SIGTERM, or a local failure.
int run(const NodeConfig& config);

struct InitOptions {
  std::filesystem::path genesis;  // empty: the built-in devnet rules with this node as the only validator
};
// Makes the data directory: validator key, genesis, aitbc-node.toml. Refuses to overwrite.
int init(const NodeConfig& config, const InitOptions& options);

struct DevnetOptions {
  unsigned validators = 4;
  std::uint64_t period_ms = 1000;
  std::filesystem::path wallet_dir;  // where genesis-ops is made
};
// The built-in devnet rules and accounts with these validators.
Result<genesis::Genesis> devnet_genesis(std::span<const Address> validators, std::uint64_t period_ms);
// Runs until SIGINT or SIGTERM.
int devnet(NodeConfig config, const DevnetOptions& options);

int config_check(const NodeConfig& config);
int db_check(const NodeConfig& config);
// Makes the search index again from the chain.
int index_rebuild(const NodeConfig& config);

// A copy of the database as of one block, by the running node or, when none runs, by this process; verified.
int backup_create(const NodeConfig& config, const std::filesystem::path& folder);
// Makes a data directory's database of a backup; verified.
int backup_restore(const NodeConfig& config, const std::filesystem::path& folder);

struct ApiKeyOptions {
  std::string name;
  std::string wallet;
  std::filesystem::path wallet_dir;     // empty: AITBC_WALLET_DIR or ~/.aitbc/wallets
  std::filesystem::path password_file;  // empty: AITBC_PASSWORD, the wallet's own, or a prompt
  std::uint64_t days = 0;               // after which the key expires; 0: never
};
int api_key_create(const NodeConfig& config, const ApiKeyOptions& options);
int api_key_list(const NodeConfig& config);
int api_key_revoke(const NodeConfig& config, const std::string& name);

struct ExportOptions {
  std::filesystem::path file;
  std::uint64_t first = 1;
  std::optional<std::uint64_t> last;
};
int export_blocks(const NodeConfig& config, const ExportOptions& options);
int import_blocks(const NodeConfig& config, const std::filesystem::path& file);

}  // namespace aitbc::commands
