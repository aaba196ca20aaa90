// Everything a command touches outside of itself, so that tests can put their own in its place.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "base/result.hpp"
#include "wallet/cli/rpc_client.hpp"
#include "wallet/secret.hpp"

namespace aitbc::cli {

struct Environment {
  std::ostream& out;
  std::ostream& err;
  // Whether somebody watches `err`: then what waits shows progress there.
  bool err_is_terminal = false;
  std::function<std::optional<std::string>(const std::string& name)> variable;
  std::function<Result<std::unique_ptr<RpcClient>>(const std::string& url, std::chrono::milliseconds timeout)>
      connect;
  // Asks without echo; nullopt when there is nobody to ask.
  std::function<std::optional<wallet::SecretBytes>(const std::string& prompt)> ask_secret;
  std::function<void(std::chrono::milliseconds)> sleep;
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<std::uint64_t()> unix_now;  // seconds since 1970
};

// The process's own.
Environment process_environment();

}  // namespace aitbc::cli
