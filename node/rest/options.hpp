// What the REST surface is told, and whom it tells.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace aitbc::rest {

struct RestOptions {
  bool hosted_wallets = false;                        // whether API keys are taken
  std::filesystem::path api_keys_file;                // see api_keys.hpp
  std::uint64_t requests_per_minute = 600;            // of one API key
  std::chrono::milliseconds receipt_timeout{60'000};  // then the answer is 202
};

// A write that was tried, for the audit log.
struct WriteOutcome {
  std::string action;    // the route's name: "book_gpu"
  std::string user;      // the API key's name, or the sender's address
  std::string resource;  // "gpu_3"; empty when nothing came to be
  std::string transaction;
  unsigned status = 0;
  std::string detail;  // why not
};

struct RestListeners {
  // Called after every request, on any thread.
  std::function<void(std::string_view route, unsigned status, std::chrono::nanoseconds duration)> on_request;
  std::function<void(const WriteOutcome&)> on_write;
};

}  // namespace aitbc::rest
