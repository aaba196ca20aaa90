// The composition root: wires storage, chain, mempool, consensus and the servers together and runs them.
#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "node/config.hpp"

namespace aitbc {

class Node {
 public:
  // Opens the database and everything on it; serves nothing yet.
  static Result<std::unique_ptr<Node>> open(const NodeConfig& config);
  ~Node();

  // Starts the threads and serves until SIGINT, SIGTERM or a local failure, then stops cleanly. `on_ready` is
  // called once with the address served ("http://127.0.0.1:8545", empty when JSON-RPC is off). The error is
  // the local failure.
  Result<void> run(const std::function<void(const std::string& url)>& on_ready);

 private:
  Node();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc
