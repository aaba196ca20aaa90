#include "node/rest/service.hpp"

#include "node/rest/read_cache.hpp"
#include "node/rest/routes.hpp"
#include "node/rest/writes.hpp"

namespace aitbc::rest {
namespace {

using SteadyClock = std::chrono::steady_clock;

http::Response answer_page(const Operation& operation, const Page& page) {
  http::Response response;
  response.status = operation.success;
  JsonWriter out(response.body);
  if (!operation.is_list) {
    write_object(out, *operation.shape, page.source.json());
    return response;
  }
  const Json items = at_path(page.source.json(), page.items);
  out.begin_array();
  for (std::size_t i = 0; i < items.size(); ++i) write_object(out, *operation.shape, items[i]);
  out.end_array();
  if (page.next_cursor) response.fields.emplace_back("X-Next-Cursor", *page.next_cursor);
  return response;
}

}  // namespace

struct RestService::Impl {
  Impl(RestBackend the_backend, RestOptions the_options, RestListeners the_listeners,
       http::Server& the_server)
      : backend(std::move(the_backend)),
        options(std::move(the_options)),
        listeners(std::move(the_listeners)),
        server(the_server),
        writes(backend, options, listeners, server) {
    register_routes(registry);
    openapi = openapi_document(registry, backend.version);
  }

  void add_routes() {
    server.add_route("GET", "/openapi.json",
                     [this](const http::Request&) { return http::Response{.body = openapi, .fields = {}}; });
    for (const char* path : {"/v1/*", "/marketplace/*", "/jobs/*", "/staking/*", "/providers/*",
                             "/accounts/*", "/transactions/*", "/blocks/*"}) {
      server.add_route("GET", path, [this](const http::Request& request) { return read(request); });
      for (const char* method : {"POST", "DELETE", "PATCH"})
        server.add_deferred_route(method, path, [this](const http::Request& request, http::Respond respond) {
          writes.begin(find_route(request), request, std::move(respond));
        });
    }
  }

  http::Response read(const http::Request& request) {
    const auto begun = SteadyClock::now();
    const ReadCache::Moment moment{backend.chain.view()->head_hash, backend.now()};
    const std::string target = std::string(request.path) + "?" + std::string(request.query);
    auto known = cache.find(moment, target);
    if (known == nullptr) {
      known = std::make_shared<const KnownAnswer>(work_out(request));
      if (known->may_keep) cache.keep(moment, target, known);
    }
    if (listeners.on_request)
      listeners.on_request(known->route, known->response.status, SteadyClock::now() - begun);
    return known->response;
  }

  KnownAnswer work_out(const http::Request& request) const {
    auto found = find_route(request);
    if (!found) return {render(found.error()), "none", true};
    const Operation& operation = *found->operation;
    const auto pairs = parse_query(request.query);
    if (!pairs) return {render(Problem{400, pairs.error().message, {}, {}, 0}), operation.id, true};
    const auto page = operation.read(backend, Inputs{found->values, *pairs, Json(), {}});
    http::Response response = page ? answer_page(operation, *page) : render(page.error());
    const bool may_keep = !operation.reads_pool && response.status < 500;
    return {std::move(response), operation.id, may_keep};
  }

  RestResult<Registry::Match> find_route(const http::Request& request) const {
    REST_ASSIGN(const auto segments, split_path(request.path));
    Registry::Match match = registry.find(request.method, segments);
    if (match.operation != nullptr) return match;
    if (match.allowed_methods.empty()) return refuse(404, "Not Found");
    return refuse(405, "Method Not Allowed; this path takes " + match.allowed_methods);
  }

  RestBackend backend;
  RestOptions options;
  RestListeners listeners;
  http::Server& server;
  Registry registry;
  std::string openapi;
  ReadCache cache;
  Writes writes;
};

RestService::RestService(RestBackend backend, RestOptions options, RestListeners listeners,
                         http::Server& server)
    : impl_(std::make_unique<Impl>(std::move(backend), std::move(options), std::move(listeners), server)) {
  impl_->add_routes();
}
RestService::~RestService() = default;

void RestService::on_head(const chain::HeadEvent& event) { impl_->writes.on_head(event); }

}  // namespace aitbc::rest
