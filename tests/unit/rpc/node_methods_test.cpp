#include "codec/hex.hpp"
#include "tests/unit/rpc/world.hpp"

namespace aitbc::rpc::test {

TEST_CASE("the node says who it is") {
  World world;
  const std::uint64_t chain_id = world.chain().rules().chain_id;
  CHECK(text(world.ask("eth_chainId")) == hex_of(chain_id));
  CHECK(text(world.ask("net_version")) == std::to_string(chain_id));
  CHECK(world.ask("web3_clientVersion") == "test/v1");
  CHECK(world.ask("eth_accounts").as_array().empty());
  CHECK(world.ask("web3_sha3", R"(["0x68656c6c6f"])") ==
        "0x1c8aff950685c2ed4bc3174f3472287b56d9517b9c948127319a09a7a36deac8");
  CHECK(world.ask("rpc_modules").at("eth") == "1.0");
}

TEST_CASE("a node without peers is quiet about them") {
  World world;
  CHECK(world.ask("net_listening") == false);
  CHECK(world.ask("net_peerCount") == "0x0");
  CHECK(world.ask("admin_peers").as_array().empty());
  CHECK(world.ask("eth_syncing") == false);
  CHECK(world.error("admin_addPeer", R"(["enode://x"])") == "-32000 this node does not talk to other nodes");
}

TEST_CASE("peers, synchronisation and the node's own address come from the backend") {
  World world;
  world.backend.listening = [] { return true; };
  world.backend.peers = [] {
    return std::vector<PeerInfo>{{.id = "ab",
                                  .name = "peer \"one\"",
                                  .enode = "enode://ab@10.0.0.1:30303",
                                  .capabilities = {"aitbc/1"},
                                  .local_address = "10.0.0.2:1",
                                  .remote_address = "10.0.0.1:30303",
                                  .inbound = true,
                                  .is_static = false,
                                  .head = 7}};
  };
  world.backend.syncing = [] { return std::optional(SyncStatus{1, 5, 9}); };
  world.backend.node_info = [] {
    return NodeInfo{"cd", "enode://cd@10.0.0.2:30303", "10.0.0.2", "[::]:30303", 30303};
  };
  std::string added;
  world.backend.add_peer = [&](std::string_view enode) -> Result<bool> {
    added = enode;
    return true;
  };
  CHECK(world.ask("net_listening") == true);
  CHECK(world.ask("net_peerCount") == "0x1");
  const json::value peer = world.ask("admin_peers").as_array().at(0);
  CHECK(peer.at("name") == "peer \"one\"");
  CHECK(peer.at("network").at("inbound") == true);
  CHECK(peer.at("caps").as_array().at(0) == "aitbc/1");
  CHECK(world.ask("eth_syncing").at("highestBlock") == "0x9");
  const json::value info = world.ask("admin_nodeInfo");
  CHECK(info.at("enode") == "enode://cd@10.0.0.2:30303");
  CHECK(text(info.at("protocols").at("eth").at("genesis")) ==
        hex::encode_prefixed(world.chain().genesis_hash()));
  CHECK(world.ask("admin_addPeer", R"(["enode://x"])") == true);
  CHECK(added == "enode://x");
}

TEST_CASE("the pool is shown by sender and nonce, as go-ethereum does") {
  World world;
  const TransactionPtr waiting[] = {world.sign({.value = 7}), world.sign({.nonce = 2}),
                                    world.sign({.from = 2})};
  for (const auto& admitted : world.pool().add(waiting, world.now)) REQUIRE(admitted.has_value());
  CHECK(world.ask("txpool_status").at("pending") == "0x2");
  CHECK(world.ask("txpool_status").at("queued") == "0x1");
  const std::string first = hex::checksummed(key_of(1).address());
  const json::value content = world.ask("txpool_content");
  CHECK(text(content.at("pending").at(first).at("0").at("hash")) == hex::encode_prefixed(waiting[0]->hash));
  CHECK(text(content.at("queued").at(first).at("2").at("hash")) == hex::encode_prefixed(waiting[1]->hash));
  CHECK(content.at("pending").as_object().size() == 2);
  CHECK(text(world.ask("txpool_inspect").at("pending").at(first).at("0")) ==
        "0x0000000000000000000000000000000000000000: 7 wei + 200000 gas × 100000000000 wei");
  const json::value own = world.ask("txpool_contentFrom", "[" + quoted(key_of(1).address()) + "]");
  CHECK(own.at("pending").as_object().size() == 1);
  CHECK(own.at("queued").as_object().size() == 1);
}

TEST_CASE("a pool that is too large to show says how to see a part of it") {
  JsonRpcOptions options;
  options.max_result_bytes = 1000;
  World world(options);
  std::vector<TransactionPtr> waiting;
  for (Nonce nonce = 0; nonce < 10; ++nonce) waiting.push_back(world.sign({.nonce = nonce}));
  world.pool().add(waiting, world.now);
  CHECK(world.error("txpool_content").find("-32003 response too large") == 0);
}

TEST_CASE("rpc_discover describes every method that interfaces promise") {
  World world;
  const json::value document = world.ask("rpc_discover");
  std::set<std::string> names;
  for (const json::value& method : document.at("methods").as_array())
    names.insert(std::string(text(method.at("name"))));
  for (const char* name : {"eth_chainId",
                           "eth_blockNumber",
                           "eth_syncing",
                           "eth_accounts",
                           "eth_gasPrice",
                           "eth_maxPriorityFeePerGas",
                           "eth_feeHistory",
                           "eth_getBalance",
                           "eth_getTransactionCount",
                           "eth_getCode",
                           "eth_getStorageAt",
                           "eth_getProof",
                           "eth_call",
                           "eth_estimateGas",
                           "eth_sendRawTransaction",
                           "eth_getBlockByNumber",
                           "eth_getBlockByHash",
                           "eth_getBlockTransactionCountByNumber",
                           "eth_getBlockTransactionCountByHash",
                           "eth_getBlockReceipts",
                           "eth_getTransactionByHash",
                           "eth_getTransactionByBlockNumberAndIndex",
                           "eth_getTransactionByBlockHashAndIndex",
                           "eth_getTransactionReceipt",
                           "eth_getLogs",
                           "eth_newFilter",
                           "eth_newBlockFilter",
                           "eth_newPendingTransactionFilter",
                           "eth_getFilterChanges",
                           "eth_getFilterLogs",
                           "eth_uninstallFilter",
                           "eth_getUncleCountByBlockNumber",
                           "eth_getUncleCountByBlockHash",
                           "eth_getUncleByBlockNumberAndIndex",
                           "eth_getUncleByBlockHashAndIndex",
                           "eth_subscribe",
                           "eth_unsubscribe",
                           "net_version",
                           "net_listening",
                           "net_peerCount",
                           "web3_clientVersion",
                           "web3_sha3",
                           "txpool_status",
                           "txpool_content",
                           "txpool_contentFrom",
                           "txpool_inspect",
                           "debug_getRawHeader",
                           "debug_getRawBlock",
                           "debug_getRawReceipts",
                           "debug_getRawTransaction",
                           "admin_nodeInfo",
                           "admin_peers",
                           "admin_addPeer",
                           "admin_removePeer",
                           "rpc_discover",
                           "rpc_modules"})
    CHECK_MESSAGE(names.contains(name), name);
}

}  // namespace aitbc::rpc::test
