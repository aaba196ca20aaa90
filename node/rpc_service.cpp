#include "node/rpc_service.hpp"

#include <chrono>

#include "codec/hex.hpp"
#include "node/market_methods.hpp"
#include "node/qbft_methods.hpp"
#include "node/rpc/rpc_server.hpp"
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
  options.json_rpc.on_call = [&metrics](std::string_view method, int code,
                                        std::chrono::nanoseconds duration) {
    metrics.rpc_request(method, code, std::chrono::duration<double>(duration).count());
  };
  return options;
}

rpc::Backend make_backend(const RpcParts& parts) {
  rpc::Backend backend{*parts.opened.chain, parts.mempool, kClientVersion, now_seconds};
  if (parts.opened.validator_key) {
    const std::string id = hex::encode(parts.opened.validator_key->public_key());
    backend.node_info = [id] {
      rpc::NodeInfo info;
      info.id = id;
      return info;
    };
  }
  return backend;
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
    register_market_methods(server.registry(), *parts.opened.chain, now_seconds);
    register_qbft_methods(server.registry(), *parts.opened.chain, *parts.opened.engine);
    add_routes();
  }

  void add_routes() {
    const auto alive = [](const http::Request&) {
      return text_response(R"({"status":"ok"})", "application/json");
    };
    server.http().add_route("GET", "/health/live", alive);
    server.http().add_route("GET", "/health/ready", alive);  // served only once everything is open
    if (parts.config.metrics_enabled)
      server.http().add_route("GET", "/metrics", [this](const http::Request&) {
        return text_response(parts.metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
      });
  }

  RpcParts parts;
  rpc::RpcServer server;
};

RpcService::RpcService(RpcParts parts) : impl_(std::make_unique<Impl>(parts)) {}
RpcService::~RpcService() = default;

Result<void> RpcService::start() { return impl_->server.start(); }
void RpcService::stop() { impl_->server.stop(); }

void RpcService::on_head(const chain::HeadEvent& event) { impl_->server.on_head(event); }
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
