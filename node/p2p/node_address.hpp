// A node and where it is found, as operators write it: enode://NODE_ID@HOST:PORT, the id in 128 hex digits.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "node/p2p/messages.hpp"

namespace aitbc::p2p {

struct NodeAddress {
  NodeId id;
  std::string host;  // an IP address or a name; IPv6 without brackets
  std::uint16_t port = 0;
  bool operator==(const NodeAddress&) const = default;
};

// invalid_input says what is missing.
Result<NodeAddress> parse_enode(std::string_view text);
std::string to_enode(const NodeAddress& address);

// Where to listen: "HOST:PORT" or ":PORT" (every address of this machine), an IPv6 address in brackets; port
// 0 takes a free one.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
  bool operator==(const ListenAddress&) const = default;
};
Result<ListenAddress> parse_listen_address(std::string_view text);

// "HOST:PORT", an IPv6 address in brackets.
std::string host_and_port(std::string_view host, std::uint16_t port);

}  // namespace aitbc::p2p
