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
  const bool is_prefix = path.ends_with("/*");
  if (is_prefix) path.resize(path.size() - 2);
  const auto same = std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) {
    return route.method == method && route.path == path && route.is_prefix == is_prefix;
  });
  if (same != routes_.end())
    same->handler = std::move(handler);
  else
    routes_.push_back({std::move(method), std::move(path), is_prefix, std::move(handler)});
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
  if (best != nullptr) return {&best->handler, {}};

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
