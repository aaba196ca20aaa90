#include "http/router.hpp"

#include <algorithm>

namespace aitbc::http {
namespace {

// How well a route fits: 0 not at all, longer paths better, exact ones better still.
std::size_t fit(std::string_view route, bool is_prefix, std::string_view path) {
  if (path == route) return 2 * route.size() + 3;
  if (!is_prefix || !path.starts_with(route) || path[route.size()] != '/') return 0;
  return 2 * route.size() + 2;
}

}  // namespace

void Router::add(std::string method, std::string path, Handler handler) {
  add({std::move(method), std::move(path), false, std::move(handler), nullptr});
}
void Router::add_deferred(std::string method, std::string path, DeferredHandler handler) {
  add({std::move(method), std::move(path), false, nullptr, std::move(handler)});
}

void Router::add(Route route) {
  route.is_prefix = route.path.ends_with("/*");
  if (route.is_prefix) route.path.resize(route.path.size() - 2);
  const auto same = std::find_if(routes_.begin(), routes_.end(), [&](const Route& other) {
    return route.method == other.method && route.path == other.path && route.is_prefix == other.is_prefix;
  });
  if (same != routes_.end())
    *same = std::move(route);
  else
    routes_.push_back(std::move(route));
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  if (method == "HEAD") method = "GET";
  const Route* best = nullptr;
  std::size_t best_fit = 0;
  for (const Route& route : routes_) {
    const std::size_t found = fit(route.path, route.is_prefix, path);
    if (found <= best_fit || route.method != method) continue;
    best_fit = found;
    best = &route;
  }
  if (best != nullptr && best->deferred) return {nullptr, &best->deferred, {}};
  if (best != nullptr) return {&best->handler, nullptr, {}};

  Match none;
  for (const Route& route : routes_) {
    if (fit(route.path, route.is_prefix, path) == 0) continue;
    if (none.allowed_methods.find(route.method) != std::string::npos) continue;
    if (!none.allowed_methods.empty()) none.allowed_methods += ", ";
    none.allowed_methods += route.method;
  }
  return none;
}

}  // namespace aitbc::http
