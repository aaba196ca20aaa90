// The JSON-RPC server: the methods over HTTP and WebSocket on one port, with room for other routes beside
// them.
#pragma once

#include <memory>
#include <span>

#include "http/server.hpp"
#include "node/rpc/backend.hpp"
#include "node/rpc/json_rpc.hpp"
#include "node/rpc/registry.hpp"

namespace aitbc::rpc {

struct RpcServerOptions {
  http::ServerOptions http;
  JsonRpcOptions json_rpc;
};

class RpcServer {
 public:
  // Registers the node's own methods. What the backend refers to must outlive the server.
  RpcServer(RpcServerOptions options, Backend backend);
  ~RpcServer();

  // ---- before start()
  // For further methods (consensus, modules).
  Registry& registry();
  // For further routes (REST, metrics, health).
  http::Server& http();

  Result<void> start();
  // See http::Server::stop().
  void stop();
  std::uint16_t port() const;
  http::ServerStats stats() const;

  // To be called with what Chain::on_head and Mempool::on_admitted announce, on any thread, from before
  // start() on and, if need be, after stop().
  void on_head(const chain::HeadEvent& event);
  void on_admitted(std::span<const TransactionPtr> transactions);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// An http::Handler for JSON-RPC requests, for servers put together otherwise.
http::Handler make_rpc_handler(const JsonRpc& rpc);

}  // namespace aitbc::rpc
