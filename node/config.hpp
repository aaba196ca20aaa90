// The node's configuration: defaults, then a TOML file, then environment variables, then flags, each
// overriding the one before.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/options.hpp"
#include "mempool/mempool.hpp"
#include "node/chain/chain.hpp"
#include "node/rest/options.hpp"
#include "node/telemetry/log.hpp"

namespace aitbc {

// How this node meets others (docs/network.md).
struct PeerConfig {
  std::string listen;                     // HOST:PORT; empty: it takes no connections
  std::vector<std::string> static_peers;  // enode://ID@HOST:PORT
  std::size_t max_peers = 50;
  bool peer_exchange = true;
};

// How a node without a chain gets one: by executing every block, or from the state of a recent one.
enum class SyncMode { full, snapshot };

struct NodeConfig {
  std::filesystem::path data_dir = "aitbc-data";
  std::filesystem::path genesis_file;  // empty: genesis.json in the data directory
  std::filesystem::path key_file;      // empty: validator.key in the data directory, when it exists
  log::Options log;
  http::ServerOptions rpc;
  bool rpc_enabled = true;
  bool rest_enabled = true;  // on the same port
  rest::RestOptions rest;
  bool metrics_enabled = true;       // GET /metrics on the same port
  std::filesystem::path ready_file;  // when set, the address the node serves on is written there once it does
  std::string announce = "ready";    // starts the line printed when requests are served
  PeerConfig p2p;
  SyncMode sync_mode = SyncMode::full;
  MempoolOptions mempool;
  chain::ChainOptions chain;
  std::size_t block_cache_mb = 64;

  std::filesystem::path genesis_path() const {
    return genesis_file.empty() ? data_dir / "genesis.json" : genesis_file;
  }
  std::filesystem::path key_path() const { return key_file.empty() ? data_dir / "validator.key" : key_file; }
  std::filesystem::path api_keys_path() const {
    return rest.api_keys_file.empty() ? data_dir / "api-keys.json" : rest.api_keys_file;
  }
  std::filesystem::path control_path() const { return data_dir / "control.sock"; }
  std::filesystem::path database_path() const { return data_dir / "db"; }
  std::filesystem::path pool_path() const { return data_dir / "pool"; }
  std::filesystem::path search_path() const { return data_dir / "search"; }
};

// One setting, known by one name everywhere: "rpc.port" is `port` of [rpc] in the file, AITBC_RPC_PORT in the
// environment and
// --rpc-port on the command line.
struct Setting {
  const char* name;
  const char* help;
  std::function<Result<void>(NodeConfig&, std::string_view text)> set;
  std::function<std::string(const NodeConfig&)> show;

  std::string environment_name() const;
  std::string flag_name() const;
};
std::span<const Setting> settings();

// invalid_input names the key and what it takes. An unknown key in the file is refused.
Result<void> apply_file(NodeConfig& config, const std::filesystem::path& file);
Result<void> apply_environment(NodeConfig& config);
Result<void> apply_setting(NodeConfig& config, std::string_view name, std::string_view text);
// The configuration as a TOML file with every setting and its help.
std::string render_config(const NodeConfig& config);

}  // namespace aitbc
