// The REST surface: reads and writes of the marketplace over plain HTTP, under /v1 and without it.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "http/server.hpp"
#include "node/rest/api_keys.hpp"
#include "node/rest/backend.hpp"

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

class RestService {
 public:
  // Adds its routes to the server, which is not started yet. Destroyed before the server, after its stop().
  RestService(RestBackend backend, RestOptions options, RestListeners listeners, http::Server& server);
  ~RestService();

  // To be called with what Chain::on_head announces.
  void on_head(const chain::HeadEvent& event);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc::rest
