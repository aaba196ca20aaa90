#include "load/endpoint.hpp"

#include <charconv>

namespace aitbc::bench {
namespace {

constexpr std::string_view kScheme = "http://";

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0)
    return fail(ErrorCode::invalid_input, "not a port: '" + std::string(text) + "'");
  return port;
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view url) {
  if (!url.starts_with(kScheme))
    return fail(ErrorCode::invalid_input,
                "expected http://HOST:PORT, got '" + std::string(url) + "' (https and ws are not offered)");
  Endpoint out;
  std::string_view authority = url.substr(kScheme.size());
  if (const std::size_t slash = authority.find('/'); slash != std::string_view::npos) {
    out.path = authority.substr(slash);
    authority = authority.substr(0, slash);
  }
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    AITBC_ASSIGN(out.port, parse_port(authority.substr(colon + 1)));
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']'))
    authority = authority.substr(1, authority.size() - 2);
  if (authority.empty()) return fail(ErrorCode::invalid_input, "no host in '" + std::string(url) + "'");
  out.host = authority;
  return out;
}

namespace {

std::string host_field(const Endpoint& endpoint) {
  const bool is_ipv6 = endpoint.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

}  // namespace

std::string make_get_request(const Endpoint& endpoint, std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + host_field(endpoint) + "\r\n\r\n";
}

std::string make_request(const Endpoint& endpoint, std::string_view body) {
  std::string out = "POST " + endpoint.path + " HTTP/1.1\r\nHost: " + host_field(endpoint);
  out += "\r\nContent-Type: application/json\r\nContent-Length: ";
  out += std::to_string(body.size()) + "\r\n\r\n";
  out += body;
  return out;
}

}  // namespace aitbc::bench
