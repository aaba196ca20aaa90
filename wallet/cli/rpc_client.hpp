// JSON-RPC 2.0 calls to a node. An interface, so that tests answer in a node's place.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace aitbc::cli {

struct RpcFailure {
  enum class Kind {
    unreachable,  // no answer, or none that is JSON-RPC
    refused,      // the node answered with an error
  };
  Kind kind = Kind::refused;
  int code = 0;  // the node's
  std::string message;
  Bytes data;  // of a revert
};

class RpcClient {
 public:
  virtual ~RpcClient() = default;
  // `params` and the result are JSON texts. Blocks until the answer is there or the time is up. Not
  // thread-safe.
  virtual tl::expected<std::string, RpcFailure> call(std::string_view method, std::string_view params) = 0;
};

// Over HTTP/1.1 or HTTPS with one kept connection. `url` is http[s]://HOST[:PORT][/PATH]; fails on others.
// Connects with the first call.
Result<std::unique_ptr<RpcClient>> make_http_rpc_client(std::string_view url,
                                                        std::chrono::milliseconds timeout);

// What a JSON-RPC response holds; shared with tests of other transports.
tl::expected<std::string, RpcFailure> parse_rpc_response(std::string_view body);

}  // namespace aitbc::cli
