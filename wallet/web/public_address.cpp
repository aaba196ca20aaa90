#include "wallet/web/public_address.hpp"

#include <boost/asio/ip/address.hpp>

namespace aitbc::web {
namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;

struct Range {
  std::uint32_t first;
  unsigned prefix_bits;
};
// IANA's special-purpose registry: everything that is not globally reachable.
constexpr Range kClosedRanges[] = {
    {0x00000000, 8},   // this network
    {0x0a000000, 8},   // private
    {0x64400000, 10},  // shared by carriers
    {0x7f000000, 8},   // loopback
    {0xa9fe0000, 16},  // link-local, clouds' metadata among them
    {0xac100000, 12},  // private
    {0xc0000000, 24},  // protocol assignments
    {0xc0000200, 24},  // documentation
    {0xc0a80000, 16},  // private
    {0xc6120000, 15},  // benchmarks
    {0xc6336400, 24},  // documentation
    {0xcb007100, 24},  // documentation
    {0xe0000000, 3},   // multicast and reserved
};

bool is_public_v4(std::uint32_t address) {
  for (const Range& range : kClosedRanges)
    if ((address ^ range.first) >> (32 - range.prefix_bits) == 0) return false;
  return true;
}

std::uint32_t embedded_v4(const address_v6::bytes_type& bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = at; i < at + 4; ++i) out = out << 8 | bytes[i];
  return out;
}

bool is_public_v6(const address_v6& address) {
  const auto bytes = address.to_bytes();
  if (address.is_v4_mapped()) return is_public_v4(embedded_v4(bytes, 12));
  if (bytes[0] == 0x00 && bytes[1] == 0x64 && bytes[2] == 0xff && bytes[3] == 0x9b)
    return is_public_v4(embedded_v4(bytes, 12));                                         // NAT64
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return is_public_v4(embedded_v4(bytes, 2));  // 6to4
  const bool documentation = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d && bytes[3] == 0xb8;
  return (bytes[0] & 0xe0U) == 0x20 && !documentation;  // global unicast is 2000::/3
}

}  // namespace

bool is_public(std::string_view ip_address) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(ip_address), error);
  if (error) return false;
  return address.is_v4() ? is_public_v4(address.to_v4().to_uint()) : is_public_v6(address.to_v6());
}

}  // namespace aitbc::web
