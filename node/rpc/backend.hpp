// What the methods need to know of the node. Filled in by the composition root; everything referred to
// outlives the server.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/amount.hpp"
#include "base/result.hpp"
#include "mempool/mempool.hpp"
#include "node/chain/chain.hpp"

namespace aitbc::rpc {

struct NodeInfo {
  std::string id;              // the node's public key, hexadecimal
  std::string enode;           // enode://ID@HOST:PORT
  std::string ip;              // listened on by the peer-to-peer port
  std::string listen_address;  // "[::]:30303"
  std::uint16_t port = 0;
};

struct PeerInfo {
  std::string id;
  std::string name;
  std::string enode;
  std::vector<std::string> capabilities;
  std::string local_address;
  std::string remote_address;
  bool inbound = false;
  bool is_static = false;
  Height head = 0;
};

struct SyncStatus {
  Height starting_block = 0;
  Height current_block = 0;
  Height highest_block = 0;
};

// Every function is called on the servers' threads, several at a time.
struct Backend {
  const chain::Chain& chain;
  Mempool& mempool;
  std::string client_version;
  // Unix time.
  std::function<Seconds()> now;
  std::function<NodeInfo()> node_info = [] { return NodeInfo{}; };
  std::function<std::vector<PeerInfo>()> peers = [] { return std::vector<PeerInfo>{}; };
  std::function<bool()> listening = [] { return false; };
  // nullopt when the node is at the head.
  std::function<std::optional<SyncStatus>()> syncing = [] { return std::optional<SyncStatus>{}; };
  std::function<Result<bool>(std::string_view enode)> add_peer = no_peers;
  std::function<Result<bool>(std::string_view enode)> remove_peer = no_peers;

  Gas call_gas_cap = 50'000'000;               // of eth_call and eth_estimateGas
  Amount min_suggested_tip{1'000'000'000};     // eth_maxPriorityFeePerGas never answers less
  std::size_t max_logs = 10'000;               // of one eth_getLogs
  Height max_unfiltered_log_blocks = 100'000;  // of one without address and topics
  std::size_t max_filters = 1024;              // all clients together
  Seconds filter_lifetime_seconds = 300;       // without being asked for changes
  std::size_t max_subscriptions_per_connection = 128;

  static Result<bool> no_peers(std::string_view) {
    return fail(ErrorCode::unavailable, "this node does not talk to other nodes");
  }
};

}  // namespace aitbc::rpc
