#include "node/snapshot_rpc.hpp"

#include <mutex>

#include "node/rpc/rpc_server.hpp"
#include "node/rpc/schemas.hpp"
#include "node/version.hpp"

namespace aitbc {
namespace {

using rpc::Call;
using rpc::RpcResult;

http::Response json_response(unsigned status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

class Session final : public http::WebSocketHandler {
 public:
  explicit Session(const rpc::JsonRpc& json_rpc) : json_rpc_(json_rpc) {}
  std::string on_message(std::string_view text) override { return json_rpc_.handle(text); }

 private:
  const rpc::JsonRpc& json_rpc_;
};

}  // namespace

struct SnapshotRpc::Impl {
  explicit Impl(SnapshotRpcParts the_parts)
      : parts(the_parts), json_rpc(registry, options()), server(parts.config.rpc) {
    register_methods();
    server.add_route("POST", "/", rpc::make_rpc_handler(json_rpc));
    server.set_websocket("/", [this](const std::shared_ptr<http::WebSocketPeer>&) {
      return std::make_unique<Session>(json_rpc);
    });
    server.add_route("GET", "/health/live",
                     [](const http::Request&) { return json_response(200, R"({"status":"ok"})"); });
    server.add_route("GET", "/health/ready", [this](const http::Request&) { return readiness(); });
    if (parts.config.metrics_enabled)
      server.add_route("GET", "/metrics", [this](const http::Request&) {
        http::Response response = json_response(200, parts.metrics.text());
        response.content_type = "text/plain; version=0.0.4; charset=utf-8";
        return response;
      });
    server.set_error_formatter([this](unsigned status, std::string_view path, const std::string& message) {
      return refuse(status, path, message);
    });
  }

  sync::SnapshotStatus status() const {
    const std::lock_guard lock(mutex);
    return latest;
  }

  std::string explanation() const {
    const sync::SnapshotStatus is = status();
    if (is.target == 0) return "the node looks for a snapshot of the state; eth_syncing tells how it goes on";
    return "the node fetches the state of block " + std::to_string(is.target) +
           "; eth_syncing tells how it goes on";
  }

  // Whatever is not served yet is there a little later: 503, where a path would otherwise not be known.
  http::Response refuse(unsigned status, std::string_view path, const std::string& message) const {
    const std::string text = status == 404 ? explanation() : message;
    if (path == "/" || path.empty())
      return json_response(status, rpc::error_response(rpc::kInvalidRequest, text));
    http::Response response = json_response(status == 404 ? 503 : status, {});
    JsonWriter(response.body).begin_object().key("detail").text(text).end_object();
    return response;
  }

  http::Response readiness() const {
    http::Response response = json_response(503, {});
    JsonWriter out(response.body);
    out.begin_object().key("status").text("syncing").key("head").number(std::uint64_t{0});
    out.key("highest").number(status().target);
    out.key("peers").number(std::uint64_t{parts.network.connected().size()}).end_object();
    return response;
  }

  rpc::JsonRpcOptions options() const {
    rpc::JsonRpcOptions options;
    options.unknown_method = [this](std::string_view) {
      return rpc::RpcError{rpc::kServerError, explanation(), {}};
    };
    return options;
  }

  void register_methods() {
    registry.add({"eth_syncing", "How far the node has come", {}, rpc::schema::kAny},
                 [this](Call& call) -> RpcResult<void> {
                   const sync::SnapshotStatus is = status();
                   JsonWriter& out = call.out;
                   out.begin_object().key("startingBlock").quantity(std::uint64_t{0});
                   out.key("currentBlock").quantity(is.headers).key("highestBlock").quantity(is.target);
                   out.key("syncedAccountsAndSlots").quantity(is.accounts_and_slots);
                   out.key("missingParts").quantity(std::uint64_t{is.missing_parts}).end_object();
                   return {};
                 });
    registry.add({"eth_chainId", "The chain's id", {}, rpc::schema::kQuantity},
                 [this](Call& call) -> RpcResult<void> {
                   call.out.quantity(parts.chain_id);
                   return {};
                 });
    registry.add({"net_version", "The network's number", {}, rpc::schema::kString},
                 [this](Call& call) -> RpcResult<void> {
                   call.out.text(std::to_string(parts.chain_id));
                   return {};
                 });
    registry.add({"net_peerCount", "How many peers are connected", {}, rpc::schema::kQuantity},
                 [this](Call& call) -> RpcResult<void> {
                   call.out.quantity(std::uint64_t{parts.network.connected().size()});
                   return {};
                 });
    registry.add({"web3_clientVersion", "The node's name and version", {}, rpc::schema::kString},
                 [](Call& call) -> RpcResult<void> {
                   call.out.text(kClientVersion);
                   return {};
                 });
  }

  SnapshotRpcParts parts;
  mutable std::mutex mutex;
  sync::SnapshotStatus latest;
  rpc::Registry registry;
  rpc::JsonRpc json_rpc;
  http::Server server;  // last: its connections use all of the above
};

SnapshotRpc::SnapshotRpc(SnapshotRpcParts parts) : impl_(std::make_unique<Impl>(parts)) {}
SnapshotRpc::~SnapshotRpc() = default;

Result<void> SnapshotRpc::start() { return impl_->server.start(); }
void SnapshotRpc::stop() { impl_->server.stop(); }

void SnapshotRpc::update(const sync::SnapshotStatus& status) {
  const std::lock_guard lock(impl_->mutex);
  impl_->latest = status;
}

}  // namespace aitbc
