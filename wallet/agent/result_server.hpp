// Serves the results of jobs to their customers: GET /results/job_5?expires=N&signature=0x..., signed as
// wallet/result_access.hpp has it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "wallet/agent/config.hpp"

namespace aitbc::http {
class Server;
}

namespace aitbc::agent {

struct ServedResult {
  unsigned status = 200;
  std::string body;    // the result, or {"detail": why not}
  std::string digest;  // of the result, 0x...
};
// What a request gets. 401: no signature, a wrong or an expired one. 403: somebody else's. 404: no such
// result. `now`: Unix seconds. Thread-safe.
ServedResult serve_result(const std::filesystem::path& state_folder, std::uint64_t chain_id,
                          std::string_view path, std::string_view query, std::uint64_t now);

class ResultListener {
 public:
  ResultListener(const AgentConfig& config, std::uint64_t chain_id);
  ~ResultListener();
  ResultListener(const ResultListener&) = delete;
  ResultListener& operator=(const ResultListener&) = delete;

  // Fails (io) when it cannot listen there or the certificate cannot be read.
  Result<void> start();
  std::uint16_t port() const;

 private:
  std::unique_ptr<http::Server> server_;
};

}  // namespace aitbc::agent
