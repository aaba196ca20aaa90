// Which handler answers a method and path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace aitbc::http {

class Router {
 public:
  // `path` is matched as it stands; with "/*" at its end it matches everything below as well. The longest
  // match wins, an exact one before a prefix. A later route of the same method and path replaces the earlier
  // one.
  void add(std::string method, std::string path, Handler handler);
  void add_deferred(std::string method, std::string path, DeferredHandler handler);

  struct Match {
    // One of the two, or neither: see allowed_methods.
    const Handler* handler = nullptr;
    const DeferredHandler* deferred = nullptr;
    std::string allowed_methods;  // "GET, POST"; empty when no route has that path
  };
  // HEAD finds the handler of GET.
  Match find(std::string_view method, std::string_view path) const;

 private:
  struct Route {
    std::string method;
    std::string path;  // without the trailing "/*"
    bool is_prefix;
    Handler handler;
    DeferredHandler deferred;
  };
  void add(Route route);
  std::vector<Route> routes_;
};

}  // namespace aitbc::http
