// A bare HTTP server that answers every request with its own body: what the HTTP library alone can do.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.hpp"

namespace aitbc::bench {

// Serves on a free port of 127.0.0.1 with that many threads, until destroyed.
class EchoServer {
 public:
  static Result<std::unique_ptr<EchoServer>> start(std::size_t threads);
  ~EchoServer();
  std::uint16_t port() const;

 private:
  struct Impl;
  explicit EchoServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc::bench
