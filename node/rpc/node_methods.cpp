// The node itself: net_, web3_, admin_, and what eth_ says about it.
#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/schemas.hpp"

namespace aitbc::rpc {
namespace {

void write_strings(JsonWriter& out, std::string_view name, const std::vector<std::string>& values) {
  out.key(name).begin_array();
  for (const std::string& value : values) out.text(value);
  out.end_array();
}

RpcResult<void> syncing(Call& call, const Backend& backend) {
  const auto status = backend.syncing();
  if (!status) {
    call.out.boolean(false);
    return {};
  }
  call.out.begin_object().key("startingBlock").quantity(status->starting_block);
  call.out.key("currentBlock").quantity(status->current_block);
  call.out.key("highestBlock").quantity(status->highest_block).end_object();
  return {};
}

RpcResult<void> node_info(Call& call, const Backend& backend) {
  const NodeInfo info = backend.node_info();
  const chain::ChainViewPtr view = backend.chain.view();
  JsonWriter& out = call.out;
  out.begin_object().key("id").text(info.id).key("name").text(backend.client_version);
  out.key("enode").text(info.enode).key("ip").text(info.ip);
  out.key("ports").begin_object().key("discovery").number(std::uint64_t{0});
  out.key("listener").number(std::uint64_t{info.port}).end_object();
  out.key("listenAddr").text(info.listen_address).key("protocols").begin_object();
  out.key("eth").begin_object().key("network").number(backend.chain.rules().chain_id);
  out.key("genesis").data(backend.chain.genesis_hash()).key("head").data(view->head_hash);
  out.key("difficulty").number(backend.chain.genesis_header().difficulty + view->head.number);
  out.key("config").begin_object().key("chainId").number(backend.chain.rules().chain_id).end_object();
  out.end_object().end_object().end_object();
  return {};
}

RpcResult<void> peers(Call& call, const Backend& backend) {
  JsonWriter& out = call.out;
  out.begin_array();
  for (const PeerInfo& peer : backend.peers()) {
    out.begin_object().key("id").text(peer.id).key("name").text(peer.name).key("enode").text(peer.enode);
    write_strings(out, "caps", peer.capabilities);
    out.key("network").begin_object().key("localAddress").text(peer.local_address);
    out.key("remoteAddress").text(peer.remote_address).key("inbound").boolean(peer.inbound);
    out.key("trusted").boolean(false).key("static").boolean(peer.is_static).end_object();
    out.key("protocols").begin_object().key("aitbc").begin_object();
    out.key("head").quantity(peer.head).end_object().end_object().end_object();
  }
  out.end_array();
  return {};
}

void register_admin(Registry& registry, const Backend& backend) {
  registry.add({"admin_nodeInfo", "This node, as peers see it", {}, schema::kObject},
               [&backend](Call& call) { return node_info(call, backend); });
  registry.add({"admin_peers", "The peers that are connected", {}, schema::kArray},
               [&backend](Call& call) { return peers(call, backend); });
  registry.add({"admin_addPeer", "Connects to a peer and stays connected", {"enode"}, schema::kBoolean},
               [&backend](Call& call, std::string enode) -> RpcResult<void> {
                 RPC_ASSIGN(const bool done, backend.add_peer(enode));
                 call.out.boolean(done);
                 return {};
               });
  registry.add(
      {"admin_removePeer", "Disconnects from a peer and does not come back", {"enode"}, schema::kBoolean},
      [&backend](Call& call, std::string enode) -> RpcResult<void> {
        RPC_ASSIGN(const bool done, backend.remove_peer(enode));
        call.out.boolean(done);
        return {};
      });
}

void register_net(Registry& registry, const Backend& backend) {
  registry.add({"net_version", "The network's number, in decimal", {}, schema::kString},
               [&backend](Call& call) -> RpcResult<void> {
                 call.out.text(std::to_string(backend.chain.rules().chain_id));
                 return {};
               });
  registry.add({"net_listening", "Whether peers can connect", {}, schema::kBoolean},
               [&backend](Call& call) -> RpcResult<void> {
                 call.out.boolean(backend.listening());
                 return {};
               });
  registry.add({"net_peerCount", "How many peers are connected", {}, schema::kQuantity},
               [&backend](Call& call) -> RpcResult<void> {
                 call.out.quantity(std::uint64_t{backend.peers().size()});
                 return {};
               });
}

}  // namespace

void register_node_methods(Registry& registry, const Backend& backend) {
  registry.add({"eth_chainId", "The chain's id, which transactions are signed for", {}, schema::kQuantity},
               [&backend](Call& call) -> RpcResult<void> {
                 call.out.quantity(backend.chain.rules().chain_id);
                 return {};
               });
  registry.add({"eth_syncing", "false, or how far the node has come", {}, schema::kAny},
               [&backend](Call& call) { return syncing(call, backend); });
  registry.add({"eth_accounts", "Empty: the node holds no keys of its users", {}, schema::kArray},
               [](Call& call) -> RpcResult<void> {
                 call.out.begin_array().end_array();
                 return {};
               });
  registry.add({"web3_clientVersion", "The node's name and version", {}, schema::kString},
               [&backend](Call& call) -> RpcResult<void> {
                 call.out.text(backend.client_version);
                 return {};
               });
  registry.add({"web3_sha3", "Keccak-256", {"data"}, schema::kHash},
               [](Call& call, Bytes data) -> RpcResult<void> {
                 call.out.data(keccak256(data));
                 return {};
               });
  register_net(registry, backend);
  register_admin(registry, backend);
}

}  // namespace aitbc::rpc
