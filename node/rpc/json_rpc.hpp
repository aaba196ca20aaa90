// JSON-RPC 2.0: from the text of a request or batch to the text of its response.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "node/rpc/registry.hpp"

namespace aitbc::rpc {

struct JsonRpcOptions {
  std::size_t max_batch_items = 1000;
  std::size_t max_batch_response_bytes = 25U << 20;
  std::size_t max_result_bytes = 100U << 20;  // of one call; a block in full may be large
  // "eth", "net", ...: methods of other namespaces are not available. Empty: all are.
  std::vector<std::string> namespaces;
  // What is said of methods that are not registered. Not set: that they do not exist.
  std::function<RpcError(std::string_view method)> unknown_method;
  // Told about every call that was looked at. code 0: answered. Method names that do not exist come as
  // "unknown".
  std::function<void(std::string_view method, int code, std::chrono::nanoseconds duration)> on_call;
};

// Thread-safe.
class JsonRpc {
 public:
  // The registry must outlive it and not change any more.
  JsonRpc(const Registry& registry, JsonRpcOptions options);

  // The response's text; empty when there is nothing to answer (notifications only). `subscriber` may be
  // null.
  std::string handle(std::string_view text, const Subscriber& subscriber = nullptr) const;

 private:
  struct Request;
  Request read(Json message) const;
  bool is_enabled(std::string_view method) const;
  void answer(const Request& request, const Subscriber& subscriber, std::string& out) const;
  RpcResult<void> run(const Request& request, const Subscriber& subscriber, std::string& out) const;
  std::string handle_batch(Json messages, const Subscriber& subscriber) const;
  // The results of all calls of the method of requests[first], which handles a batch's calls together.
  using GroupResults = std::vector<std::optional<RpcResult<std::string>>>;
  void run_group(std::span<const Request> requests, std::size_t first, GroupResults& results) const;
  void answer_item(std::span<const Request> requests, std::size_t index, GroupResults& grouped,
                   const Subscriber& subscriber, std::string& out) const;

  const Registry& registry_;
  JsonRpcOptions options_;
};

// {"jsonrpc":"2.0","id":null,"error":{...}}
std::string error_response(int code, std::string_view message);

}  // namespace aitbc::rpc
