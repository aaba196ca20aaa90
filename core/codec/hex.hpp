// Hexadecimal text, lower case, and EIP-55 addresses.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"

namespace aitbc::hex {

// Without prefix / with "0x".
std::string encode(ByteView bytes);
std::string encode_prefixed(ByteView bytes);
void append_prefixed(std::string& out, ByteView bytes);

// Data: an even number of digits, with or without "0x". Fails on anything else.
Result<Bytes> decode(std::string_view text);
// Exactly N bytes.
template <class Fixed>
Result<Fixed> decode_fixed(std::string_view text) {
  AITBC_ASSIGN(const Bytes bytes, decode(text));
  if (bytes.size() != Fixed::kSize)
    return fail(ErrorCode::invalid_input,
                "expected " + std::to_string(Fixed::kSize) + " bytes, got " + std::to_string(bytes.size()));
  return Fixed::from(bytes);
}

// JSON-RPC quantities: "0x0" or "0x" and digits without a leading zero.
std::string quantity(std::uint64_t value);
std::string quantity(const Uint256& value);
Result<std::uint64_t> parse_quantity_u64(std::string_view text);
Result<Uint256> parse_quantity(std::string_view text);

// EIP-55: the case of the letters is a checksum.
std::string checksummed(const Address& address);
// Accepts 0x + 40 digits (a mixed-case one must carry a right EIP-55 checksum), and ait1 or aitbc1 + 40
// digits.
Result<Address> parse_address(std::string_view text);

}  // namespace aitbc::hex
