// Where the JSON-RPC server listens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace aitbc::bench {

struct Endpoint {
  std::string host;
  std::uint16_t port = 80;
  std::string path = "/";
};

// "http://host[:port][/path]", IPv6 hosts in brackets. Other schemes are refused: the generator must be
// light.
Result<Endpoint> parse_endpoint(std::string_view url);

// A complete HTTP/1.1 POST request with that JSON body, to be sent as it is, any number of times.
std::string make_request(const Endpoint& endpoint, std::string_view body);
// A GET of that path and query.
std::string make_get_request(const Endpoint& endpoint, std::string_view target);

}  // namespace aitbc::bench
