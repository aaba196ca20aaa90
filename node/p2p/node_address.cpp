#include "node/p2p/node_address.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "codec/hex.hpp"

namespace aitbc::p2p {
namespace {

constexpr std::string_view kScheme = "enode://";

tl::unexpected<Error> malformed(std::string_view text) {
  return fail(ErrorCode::invalid_input, "'" + std::string(text.substr(0, 200)) +
                                            "' is not enode://ID@HOST:PORT with an ID of 128 hex digits");
}

bool is_host(std::string_view host) {
  const auto is_fine = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == ':' || c == '_';
  };
  return !host.empty() && host.size() <= kMaxTextBytes && std::all_of(host.begin(), host.end(), is_fine);
}

std::optional<ListenAddress> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  ListenAddress out{std::string(host), 0};
  const std::string_view port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc{} || end != port.data() + port.size()) return std::nullopt;
  return out;
}

}  // namespace

Result<NodeAddress> parse_enode(std::string_view text) {
  if (!text.starts_with(kScheme)) return malformed(text);
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return malformed(text);
  const auto id = hex::decode(text.substr(kScheme.size(), at - kScheme.size()));
  if (!id || id->size() != NodeId::kSize) return malformed(text);
  const auto where = parse_endpoint(text.substr(at + 1));
  if (!where || where->port == 0 || !is_host(where->host)) return malformed(text);
  return NodeAddress{NodeId::from(*id), where->host, where->port};
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  auto where = parse_endpoint(text);
  if (where && where->host.empty()) where->host = "0.0.0.0";
  if (!where || !is_host(where->host))
    return fail(ErrorCode::invalid_input, "'" + std::string(text.substr(0, 200)) + "' is not HOST:PORT");
  return std::move(*where);
}

std::string host_and_port(std::string_view host, std::uint16_t port) {
  const bool is_v6 = host.find(':') != std::string_view::npos;
  return (is_v6 ? "[" : "") + std::string(host) + (is_v6 ? "]:" : ":") + std::to_string(port);
}

std::string to_enode(const NodeAddress& address) {
  return std::string(kScheme) + hex::encode(address.id) + "@" + host_and_port(address.host, address.port);
}

}  // namespace aitbc::p2p
