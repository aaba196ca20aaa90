#include "http/access.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "http/message.hpp"

namespace aitbc::http {
namespace {

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) {  // an IPv6 literal
    const std::size_t end = host.find(']');
    return end == std::string_view::npos ? host : host.substr(1, end - 1);
  }
  // More than one colon without brackets is a bare IPv6 address.
  const std::size_t colon = host.find(':');
  return colon == host.rfind(':') ? host.substr(0, colon) : host;
}

bool is_ip_address(std::string_view host) {
  const std::string text(host);
  in6_addr storage{};
  return inet_pton(AF_INET, text.c_str(), &storage) == 1 || inet_pton(AF_INET6, text.c_str(), &storage) == 1;
}

std::string_view host_of_origin(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == std::string_view::npos ? std::string_view{} : without_port(origin.substr(scheme + 3));
}

}  // namespace

bool host_allowed(std::string_view host, std::span<const std::string> allowed) {
  const std::string_view name = without_port(host);
  if (host.empty() || is_ip_address(name)) return true;
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& entry) {
    return entry == "*" || equal_ignoring_case(entry, name);
  });
}

bool origin_allowed(std::string_view origin, std::span<const std::string> allowed) {
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& entry) {
    return entry == "*" || equal_ignoring_case(entry, origin);
  });
}

bool websocket_origin_allowed(std::string_view origin, std::span<const std::string> allowed) {
  if (origin.empty() || origin_allowed(origin, allowed)) return true;
  const std::string_view host = host_of_origin(origin);
  return equal_ignoring_case(host, "localhost") || host == "127.0.0.1" || host == "::1";
}

bool is_json_content_type(std::string_view content_type) {
  std::string_view media_type = content_type.substr(0, content_type.find(';'));
  while (media_type.ends_with(' ') || media_type.ends_with('\t')) media_type.remove_suffix(1);
  return equal_ignoring_case(media_type, "application/json") ||
         equal_ignoring_case(media_type, "application/json-rpc") ||
         equal_ignoring_case(media_type, "application/jsonrequest");
}

}  // namespace aitbc::http
