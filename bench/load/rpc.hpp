// Blocking JSON-RPC calls, for what happens before and after a measurement.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/uint256.hpp"
#include "load/http_loop.hpp"

namespace aitbc::bench {

struct RpcCall {
  std::string method;
  std::string params;  // a JSON array
};

// The JSON text of a call, and of calls as a batch.
std::string call_text(const RpcCall& call, std::size_t id);
std::string batch_text(std::span<const RpcCall> calls);

struct ChainInfo {
  std::uint64_t chain_id = 0;
  Uint256 base_fee;  // of the latest block, zero without EIP-1559
  Uint256 priority_fee;
};

// Not thread-safe. Every failure names the method and carries the server's message.
class Rpc {
 public:
  static Result<Rpc> connect(const Endpoint& endpoint, std::chrono::milliseconds timeout);

  Result<Uint256> quantity(const RpcCall& call);
  // The result as JSON text.
  Result<std::string> result(const RpcCall& call);
  // One answer per call, asked for in batches of at most `batch`.
  Result<std::vector<Uint256>> quantities(std::span<const RpcCall> calls, std::size_t batch);
  Result<ChainInfo> chain_info();
  // Submits raw transactions; fails with the server's words when any is refused.
  Result<void> send_transactions(std::span<const std::string> raw, std::size_t batch);

 private:
  Rpc(Endpoint endpoint, std::unique_ptr<HttpLoop> loop)
      : endpoint_(std::move(endpoint)), loop_(std::move(loop)) {}
  Result<std::string> exchange(std::string_view body);

  Endpoint endpoint_;
  std::unique_ptr<HttpLoop> loop_;
};

}  // namespace aitbc::bench
