#include "http/router.hpp"

#include <doctest/doctest.h>

using namespace aitbc::http;

namespace {

Handler answering(std::string body) {
  return [body = std::move(body)](const Request&) { return Response{.body = body, .fields = {}}; };
}

std::string ask(const Router& router, std::string_view method, std::string_view path) {
  const Router::Match match = router.find(method, path);
  if (match.handler == nullptr) return "none, allowed: " + match.allowed_methods;
  return (*match.handler)(Request{}).body;
}

Router sample() {
  Router router;
  router.add("POST", "/", answering("root"));
  router.add("GET", "/v1/*", answering("v1"));
  router.add("GET", "/v1/gpu/*", answering("gpu"));
  router.add("POST", "/v1/gpu/list", answering("list"));
  router.add("GET", "/v1/gpu/list", answering("exact"));
  return router;
}

}  // namespace

TEST_CASE("the longest path wins, an exact one before a prefix") {
  const Router router = sample();
  CHECK(ask(router, "POST", "/") == "root");
  CHECK(ask(router, "GET", "/v1") == "v1");
  CHECK(ask(router, "GET", "/v1/other/x") == "v1");
  CHECK(ask(router, "GET", "/v1/gpu/17") == "gpu");
  CHECK(ask(router, "GET", "/v1/gpu/list") == "exact");
  CHECK(ask(router, "POST", "/v1/gpu/list") == "list");
  CHECK(ask(router, "HEAD", "/v1/gpu/list") == "exact");
}

TEST_CASE("a prefix ends at a path segment, and the root is no prefix") {
  const Router router = sample();
  CHECK(ask(router, "GET", "/v1gpu") == "none, allowed: ");
  CHECK(ask(router, "POST", "/anything") == "none, allowed: ");
}

TEST_CASE("another method of a known path is told apart from an unknown path") {
  CHECK(ask(sample(), "DELETE", "/v1/gpu/list") == "none, allowed: GET, POST");
}

TEST_CASE("a route that is added again replaces the first") {
  Router router = sample();
  router.add("POST", "/", answering("second"));
  CHECK(ask(router, "POST", "/") == "second");
}
