#include "node/rpc/rpc_server.hpp"

#include "http/access.hpp"
#include "node/rpc/fee_oracle.hpp"
#include "node/rpc/filters.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/subscriptions.hpp"

namespace aitbc::rpc {
namespace {

constexpr const char* kPath = "/";

// A WebSocket connection whose messages are JSON-RPC.
class Session final : public http::WebSocketHandler {
 public:
  Session(const JsonRpc& rpc, Subscriptions& subscriptions, Subscriber peer)
      : rpc_(rpc), subscriptions_(subscriptions), peer_(std::move(peer)) {}
  ~Session() override { subscriptions_.remove_all(peer_); }
  std::string on_message(std::string_view text) override { return rpc_.handle(text, peer_); }

 private:
  const JsonRpc& rpc_;
  Subscriptions& subscriptions_;
  const Subscriber peer_;
};

// Errors of the server reach JSON-RPC clients in their own form.
http::Response server_error(unsigned status, std::string_view path, std::string message) {
  http::Response response;
  response.status = status;
  if (path == kPath || path.empty()) {
    response.body = error_response(kInvalidRequest, message);
  } else {
    JsonWriter(response.body).begin_object().key("detail").text(message).end_object();
  }
  return response;
}

}  // namespace

http::Handler make_rpc_handler(const JsonRpc& rpc) {
  return [&rpc](const http::Request& request) {
    if (!http::is_json_content_type(request.field("Content-Type")))
      return server_error(415, kPath, "invalid content type, only application/json is supported");
    http::Response response;
    response.body = rpc.handle(request.body);
    return response;
  };
}

struct RpcServer::Impl {
  Impl(RpcServerOptions given, Backend given_backend)
      : options(std::move(given)),
        backend(std::move(given_backend)),
        fees(backend.min_suggested_tip),
        filters(backend),
        subscriptions([this](std::function<void()> task) { server.post(std::move(task)); },
                      backend.max_subscriptions_per_connection),
        json_rpc(registry, options.json_rpc),
        server(options.http) {}

  RpcServerOptions options;
  Backend backend;
  FeeOracle fees;
  Filters filters;
  Subscriptions subscriptions;
  Registry registry;
  JsonRpc json_rpc;
  http::Server server;  // last: its connections use all of the above
};

RpcServer::RpcServer(RpcServerOptions options, Backend backend)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(backend))) {
  Impl& impl = *impl_;
  register_all(impl.registry, impl.backend, {impl.fees, impl.filters, impl.subscriptions});
  impl.server.set_error_formatter(server_error);
  impl.server.add_route("POST", kPath, make_rpc_handler(impl.json_rpc));
  impl.server.set_websocket(kPath, [&impl](std::shared_ptr<http::WebSocketPeer> peer) {
    return std::make_unique<Session>(impl.json_rpc, impl.subscriptions, std::move(peer));
  });
}
RpcServer::~RpcServer() = default;

Registry& RpcServer::registry() { return impl_->registry; }
http::Server& RpcServer::http() { return impl_->server; }
Result<void> RpcServer::start() { return impl_->server.start(); }
void RpcServer::stop() { impl_->server.stop(); }
std::uint16_t RpcServer::port() const { return impl_->server.port(); }
http::ServerStats RpcServer::stats() const { return impl_->server.stats(); }

void RpcServer::on_head(const chain::HeadEvent& event) { impl_->subscriptions.on_head(event); }
void RpcServer::on_admitted(std::span<const TransactionPtr> transactions) {
  impl_->subscriptions.on_admitted(transactions);
  impl_->filters.on_admitted(transactions);
}

}  // namespace aitbc::rpc
