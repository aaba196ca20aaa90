#include "node/rpc_service.hpp"

#include <chrono>

#include "codec/hex.hpp"
#include "node/market_methods.hpp"
#include "node/market_metrics.hpp"
#include "node/qbft_methods.hpp"
#include "node/rest/service.hpp"
#include "node/rpc/fee_oracle.hpp"
#include "node/rpc/rpc_server.hpp"
#include "node/telemetry/log.hpp"
#include "node/version.hpp"

namespace aitbc {
namespace {

Seconds now_seconds() {
  return static_cast<Seconds>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
}

rpc::RpcServerOptions server_options(const NodeConfig& config, Metrics& metrics) {
  rpc::RpcServerOptions options;
  options.http = config.rpc;
  options.http.lets_others_go_first = true;  // blocks are made by other threads
  options.json_rpc.on_call = [&metrics](std::string_view method, int code,
                                        std::chrono::nanoseconds duration) {
    metrics.rpc_request(method, code, std::chrono::duration<double>(duration).count());
  };
  return options;
}

rpc::NodeInfo describe(const p2p::TlsNetwork& network) {
  const p2p::NodeAddress address = network.address();
  rpc::NodeInfo info;
  info.id = hex::encode(address.id);
  info.enode = p2p::to_enode(address);
  info.ip = address.host;
  info.port = address.port;
  info.listen_address = address.port == 0 ? "" : p2p::host_and_port(address.host, address.port);
  return info;
}

rpc::PeerInfo describe(const p2p::Peer& peer, const p2p::NodeAddress& self) {
  rpc::PeerInfo info;
  info.id = hex::encode(peer.node);
  info.name = peer.client;
  info.enode = p2p::to_enode({peer.node, peer.host, peer.inbound ? peer.listen_port : peer.port});
  info.capabilities = {"aitbc/" + std::to_string(p2p::kProtocolVersion)};
  info.local_address = p2p::host_and_port(self.host, self.port);
  info.remote_address = p2p::host_and_port(peer.host, peer.port);
  info.inbound = peer.inbound;
  info.is_static = peer.is_static;
  info.head = peer.head.number;
  return info;
}

rpc::Backend make_backend(const RpcParts& parts) {
  rpc::Backend backend{*parts.opened.chain, parts.mempool, kClientVersion, now_seconds};
  p2p::TlsNetwork& network = parts.network;
  backend.node_info = [&network] { return describe(network); };
  backend.peers = [&network] {
    std::vector<rpc::PeerInfo> out;
    for (const p2p::Peer& peer : network.connected()) out.push_back(describe(peer, network.address()));
    return out;
  };
  backend.syncing = [&sync = parts.sync]() -> std::optional<rpc::SyncStatus> {
    const sync::SyncStatus status = sync.status();
    if (!status.syncing) return std::nullopt;
    return rpc::SyncStatus{status.start, status.head, status.highest};
  };
  backend.listening = [&network] { return network.address().port != 0; };
  backend.add_peer = [&network](std::string_view enode) -> Result<bool> {
    AITBC_ASSIGN(const p2p::NodeAddress address, p2p::parse_enode(enode));
    network.add_peer(address);
    return true;
  };
  backend.remove_peer = [&network](std::string_view enode) -> Result<bool> {
    AITBC_ASSIGN(const p2p::NodeAddress address, p2p::parse_enode(enode));
    network.remove_peer(address.id);
    return true;
  };
  return backend;
}

constexpr Amount kLeastTip{1'000'000'000};

rest::RestBackend make_rest_backend(const RpcParts& parts, rpc::FeeOracle& fees) {
  const chain::Chain& chain = *parts.opened.chain;
  return {chain,
          parts.mempool,
          now_seconds,
          [&market = parts.market](std::string_view method, std::string_view params) {
            return market.answer(method, params);
          },
          [&chain, &fees] { return fees.suggested_tip(*chain.view()).value_or(kLeastTip); },
          kClientVersion};
}

rest::RestOptions rest_options(const NodeConfig& config) {
  rest::RestOptions options = config.rest;
  options.api_keys_file = config.api_keys_path();
  return options;
}

void audit(const rest::WriteOutcome& outcome) {
  log::audit({outcome.action,
              outcome.user,
              outcome.resource,
              {{"status", std::to_string(outcome.status)},
               {"transaction", outcome.transaction},
               {"detail", outcome.detail}},
              outcome.status < 400});
}

rest::RestListeners rest_listeners(Metrics& metrics) {
  return {[&metrics](std::string_view route, unsigned status, std::chrono::nanoseconds duration) {
            metrics.rest_request(route, status, std::chrono::duration<double>(duration).count());
          },
          &audit};
}

http::Response text_response(std::string body, std::string content_type) {
  http::Response response;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  return response;
}

}  // namespace

struct RpcService::Impl {
  explicit Impl(const RpcParts& the_parts)
      : parts(the_parts), server(server_options(parts.config, parts.metrics), make_backend(parts)) {
    register_market_methods(server.registry(), parts.market);
    register_qbft_methods(server.registry(), *parts.opened.chain, *parts.opened.engine);
    if (parts.config.rest_enabled)
      rest = std::make_unique<rest::RestService>(make_rest_backend(parts, fees), rest_options(parts.config),
                                                 rest_listeners(parts.metrics), server.http());
    add_routes();
  }

  void add_routes() {
    server.http().add_route("GET", "/health/live", [](const http::Request&) {
      return text_response(R"({"status":"ok"})", "application/json");
    });
    server.http().add_route("GET", "/health/ready", [this](const http::Request&) { return readiness(); });
    if (parts.config.metrics_enabled)
      server.http().add_route("GET", "/metrics", [this](const http::Request&) {
        if (const auto figures = market_figures(parts.market)) parts.metrics.market(*figures);
        return text_response(parts.metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
      });
  }

  // Requests are served only once everything is open; what they are told is old while the node catches up.
  http::Response readiness() const {
    const sync::SyncStatus sync = parts.sync.status();
    http::Response response;
    response.status = sync.syncing ? 503 : 200;
    JsonWriter out(response.body);
    out.begin_object().key("status").text(sync.syncing ? "syncing" : "ready");
    const Height head = parts.opened.chain->view()->head.number;
    // Of this node and its peers, of which there may be none.
    out.key("head").number(head).key("highest").number(std::max(head, sync.highest));
    out.key("peers").number(parts.network.connected().size()).end_object();
    return response;
  }

  RpcParts parts;
  rpc::FeeOracle fees{kLeastTip};
  rpc::RpcServer server;
  std::unique_ptr<rest::RestService> rest;  // gone before the server, which it answers through
};

RpcService::RpcService(RpcParts parts) : impl_(std::make_unique<Impl>(parts)) {}
RpcService::~RpcService() = default;

Result<void> RpcService::start() { return impl_->server.start(); }
void RpcService::stop() { impl_->server.stop(); }

void RpcService::on_head(const chain::HeadEvent& event) {
  impl_->server.on_head(event);
  if (impl_->rest) impl_->rest->on_head(event);
}
void RpcService::on_admitted(std::span<const TransactionPtr> admitted) {
  impl_->server.on_admitted(admitted);
}

std::string RpcService::url() const {
  const std::string& address = impl_->parts.config.rpc.address;
  const bool v6 = address.find(':') != std::string::npos;
  const bool tls = !impl_->parts.config.rpc.tls_certificate_file.empty();
  return std::string(tls ? "https" : "http") + "://" + (v6 ? "[" + address + "]" : address) + ":" +
         std::to_string(impl_->server.port());
}

}  // namespace aitbc
