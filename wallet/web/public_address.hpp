// Which addresses a stranger's URL may lead to.
#pragma once

#include <string_view>

namespace aitbc::web {

// False for loopback, private (RFC 1918, RFC 6598, RFC 4193), link-local, multicast, reserved and unspecified
// addresses, IPv4 ones inside IPv6 (RFC 4291, RFC 6052, RFC 3056) included, and for text that is no IP
// address.
bool is_public(std::string_view ip_address);

}  // namespace aitbc::web
