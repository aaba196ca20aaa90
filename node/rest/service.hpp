// The REST surface: reads and writes of the marketplace over plain HTTP, under /v1 and without it.
#pragma once

#include <memory>

#include "http/server.hpp"
#include "node/rest/backend.hpp"
#include "node/rest/options.hpp"

namespace aitbc::rest {

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
