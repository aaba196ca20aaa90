// Addresses of web servers: http:// and https:// URLs (RFC 3986, without user names and fragments).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace aitbc::web {

struct Url {
  bool tls = false;
  std::string host;       // without the brackets of an IPv6 address
  std::string port;       // decimal; 80 or 443 when the text has none
  std::string target;     // path and query, "/" at least
  std::string authority;  // as written: for the Host header
};

// Fails (invalid_input) with a sentence about what is wrong.
Result<Url> parse_url(std::string_view text);

// scheme://host[:port], for messages that must not show a path which is a secret (webhooks).
std::string origin_of(const Url& url);

// The value of `name` in a query string ("a=1&b=2"), decoded; empty when absent or malformed.
std::string query_value(std::string_view query, std::string_view name);

}  // namespace aitbc::web
