// Requests that change something: from what came to a transaction, and from its receipt to the answer.
#pragma once

#include <memory>

#include "http/server.hpp"
#include "node/rest/callers.hpp"
#include "node/rest/registry.hpp"
#include "node/rest/submitter.hpp"

namespace aitbc::rest {

// Thread-safe. What it is made of outlives it.
class Writes {
 public:
  Writes(const RestBackend& backend, const RestOptions& options, const RestListeners& listeners,
         http::Server& server);

  // Answers once: at once when the request does not fit, is not authenticated or would fail; else when its
  // transaction is in a block or has waited for one too long. `route` is what the path stands for.
  void begin(RestResult<Registry::Match> route, const http::Request& request, http::Respond respond);
  void on_head(const chain::HeadEvent& event) { submitter_.on_head(event); }

 private:
  struct Write;
  using WritePtr = std::shared_ptr<Write>;

  RestResult<void> try_begin(RestResult<Registry::Match> route, const http::Request& request,
                             const WritePtr& write);
  RestResult<void> sign_for(const ApiKeyRing::Caller& caller, PlannedCall planned, const Bytes& data,
                            const WritePtr& write);
  RestResult<void> send_signed(const Inputs& inputs, Json text, const WritePtr& write);
  RestResult<void> check_unless_known(const RecoveredTransaction& transaction) const;
  RestResult<void> ask_for_signature(const std::optional<Address>& from, const Bytes& data) const;
  Submitter::OnDone on_done(const WritePtr& write);
  void conclude(Write& write, const RestResult<Done>& done);
  void watch(const Submitter::Ticket& ticket, const WritePtr& write);
  void end(Write& write, http::Response response, const std::string& detail);

  const RestBackend& backend_;
  const RestOptions& options_;
  const RestListeners& listeners_;
  http::Server& server_;
  Callers callers_;
  Submitter submitter_;
};

}  // namespace aitbc::rest
